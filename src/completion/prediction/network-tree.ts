/** The network's distribution over bytes as a tree of bits. */
export class NetworkTree {
  /** The sum of the probabilities below each node. Node 1 is the root; the leaves are nodes 256 to 511. */
  readonly #sums = new Float32Array(512);
  likeliest = 0;
  /** The probability of the likeliest byte. */
  most = 0;
  /** The entropy of the distribution, in bits. */
  entropy = 0;

  set(probabilities: Float32Array): void {
    const sums = this.#sums;
    this.most = 0;
    this.entropy = 0;
    for (let byte = 0; byte < 256; byte++) {
      const p = probabilities[byte] as number;
      sums[256 + byte] = p + 1e-7;
      if (p > this.most) {
        this.most = p;
        this.likeliest = byte;
      }
      // What is rarer adds next to nothing.
      if (p > 1e-4) this.entropy -= p * Math.log2(p);
    }
    for (let node = 255; node > 0; node--) sums[node] = (sums[2 * node] as number) + (sums[2 * node + 1] as number);
  }

  /** The probability that the next bit is 1, after the bits of `partial`. */
  bit(partial: number): number {
    return (this.#sums[2 * partial + 1] as number) / (this.#sums[partial] as number);
  }

  /** The share of a node's probability that belongs to a node below it. */
  share(node: number, of: number): number {
    return (this.#sums[node] as number) / (this.#sums[of] as number);
  }
}
