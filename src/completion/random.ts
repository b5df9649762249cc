/**
 * A number in [0, 1) that depends on the seed and the index alone: a draw for the same place is the same in whatever order draws
 * are made. Splitmix32 (Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014) with the index as its counter.
 */
export function uniform(seed: number, index: number): number {
  return mix(mix(seed) + Math.imul(index + 1, 0x9e3779b9)) / 2 ** 32;
}

/** A seed for a text: its FNV-1a hash, 32 bits. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A bijection of 32-bit integers in which every bit of the input moves every bit of the output. */
function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
