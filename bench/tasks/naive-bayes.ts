import type { LabelledText } from "./pieces.ts";

/**
 * Chosen on packages of the training corpus that were kept out of training: orders 3 to 8, smoothing 0.001 to 1, each with counts of
 * all occurrences, of their square root, of one for each 200 or 1,000 characters and of one for each text, and with repetitions
 * in the text that is classified counted or not. What is best at 50, 200 and 1,000 characters together.
 */
const longest = 7;
/** Lidstone's: what is added to each count. */
const smoothing = 0.1;

/** More slots lose less by two n-grams that share one; each costs two bytes a label. */
const slotBits = 23;
const slotCount = 2 ** slotBits;
const mostCounted = 0xffff;

interface Label {
  /** In how many of the label's texts there is an n-gram, by the n-gram's slot. */
  readonly counts: Uint16Array;
  /** Of all counts. */
  total: number;
}

/**
 * Multinomial naive Bayes over the n-grams of one to seven characters (UTF-16 units), all labels being equally likely before a text
 * is seen (McCallum and Nigam, "A Comparison of Event Models for Naive Bayes Text Classification", 1998). An n-gram counts once in a
 * text, in training and in what is classified: that it comes again says little (Rennie et al., "Tackling the Poor Assumptions of
 * Naive Bayes Text Classifiers", 2003). A text is taken to begin a line.
 */
export class NaiveBayes {
  readonly #labels = new Map<string, Label>();
  /** The last text that had an n-gram, by the n-gram's slot; 0 if none had. */
  readonly #lastText = new Int32Array(slotCount);
  #texts = 0;
  /** Different n-grams that were seen. */
  #vocabulary = 0;

  /** @param examples whole files: a text that is cut into pieces counts as several */
  static async train(examples: Iterable<LabelledText> | AsyncIterable<LabelledText>): Promise<NaiveBayes> {
    const classifier = new NaiveBayes();
    for await (const example of examples) classifier.learn(example);
    return classifier;
  }

  learn({ text, label: name }: LabelledText): void {
    const label = this.#labelOf(name);
    const current = ++this.#texts;
    for (const slot of slotsOf(text)) {
      const last = this.#lastText[slot];
      if (last === current) continue;
      if (last === 0) this.#vocabulary++;
      this.#lastText[slot] = current;
      const count = label.counts[slot] ?? 0;
      if (count === mostCounted) continue;
      label.counts[slot] = count + 1;
      label.total++;
    }
  }

  /** The likeliest label; the one that was seen first if several are. @throws RangeError if nothing was learned */
  classify(text: string): string {
    const slots = new Set(slotsOf(text));
    let best: { readonly name: string; readonly score: number } | undefined;
    for (const [name, { counts, total }] of this.#labels) {
      let score = -slots.size * Math.log(total + smoothing * this.#vocabulary);
      for (const slot of slots) score += Math.log((counts[slot] ?? 0) + smoothing);
      if (!best || score > best.score) best = { name, score };
    }
    if (!best) throw new RangeError("The classifier has seen no example.");
    return best.name;
  }

  #labelOf(name: string): Label {
    const known = this.#labels.get(name);
    if (known) return known;
    const label = { counts: new Uint16Array(slotCount), total: 0 };
    this.#labels.set(name, label);
    return label;
  }
}

/** The slot of each n-gram of a line's beginning and a text, as often as it comes. */
function slotsOf(text: string): Int32Array {
  const line = `\n${text}`;
  const slots = new Int32Array(longest * line.length);
  let count = 0;
  for (let start = 0; start < line.length; start++) {
    const end = Math.min(line.length, start + longest);
    let hash = 0x811c9dc5;
    for (let i = start; i < end; i++) {
      hash = Math.imul(hash ^ line.charCodeAt(i), 0x01000193);
      slots[count++] = slotOf(hash);
    }
  }
  return slots.subarray(0, count);
}

/** The upper bits of an FNV-1a hash whose bits are mixed by Murmur3's finalizer. */
function slotOf(hash: number): number {
  let mixed = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> (32 - slotBits);
}
