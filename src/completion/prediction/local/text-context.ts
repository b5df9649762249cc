/**
 * The context of a place in a text, as the local model sees it: the bytes before it, and hashes of the kinds of context that code
 * needs. It advances one byte at a time and is cheap to copy, so that a decoder can try several continuations of a place.
 */
export class TextContext {
  /** The latest bytes, up to `end`. Older ones are dropped. */
  readonly bytes = new Uint8Array(capacity);
  end = 0;
  /** Index in `bytes` at which the current line begins, and the one before it. */
  lineStart = 0;
  lineBefore = 0;
  /** Hash of the unfinished identifier, 0 outside of one; and its length in bytes. */
  word = 0;
  wordLength = 0;
  /** Hashes of the three identifiers before it, latest first. */
  word1 = 0;
  word2 = 0;
  word3 = 0;
  /** Hash of the punctuation and white space since the last identifier. */
  gap = 0;
  /** Hash of the line's first identifier, 0 until it is complete; and of the first one of the last line that was not blank. */
  lineFirst = 0;
  lineFirstBefore = 0;
  /** White space at the beginning of the line, in bytes; and of the last line that was not blank. */
  indent = 0;
  indentBefore = 0;
  /** Hash of the pattern of the text: a run of letters, of digits or of blanks counts as one symbol. */
  pattern = 0;
  #byteClass = 0;
  /** For each open bracket, the hash of the bracket, of the identifier before it, and of the commas before that. */
  readonly #brackets = new Int32Array(deepest);
  #depth = 0;
  /** Commas since the innermost bracket was opened. */
  #commas = 0;
  /** Hash of the current line so far; and of the last line that was not blank. */
  #line = 0;
  lineHashBefore = 0;

  /** The byte at a distance before the place; 1 is the last byte. 0 where there is none. */
  back(distance: number): number {
    return this.bytes[this.end - distance] ?? 0;
  }

  /** Moves after one more byte. */
  push(byte: number): void {
    if (this.end === capacity) this.#forget();
    this.bytes[this.end++] = byte;
    this.#line = mix(this.#line, byte);
    if (isWordByte(byte)) {
      this.word = mix(this.word, byte);
      this.wordLength++;
      this.gap = 0;
    } else {
      if (this.wordLength > 0) this.#endWord();
      this.gap = mix(this.gap, byte);
    }
    const byteClass = classOf(byte);
    if (byteClass !== this.#byteClass || byteClass > 3) this.pattern = mix(this.pattern, byteClass);
    this.#byteClass = byteClass;
    if (byte === lineFeed) this.#endLine();
    else if (byte === space || byte === tab) {
      if (this.end - this.lineStart === this.indent + 1) this.indent++;
    } else this.#bracket(byte);
  }

  /** Makes this a copy of another context. */
  copy(other: TextContext): void {
    this.bytes.set(other.bytes);
    this.end = other.end;
    this.lineStart = other.lineStart;
    this.lineBefore = other.lineBefore;
    this.word = other.word;
    this.wordLength = other.wordLength;
    this.word1 = other.word1;
    this.word2 = other.word2;
    this.word3 = other.word3;
    this.gap = other.gap;
    this.lineFirst = other.lineFirst;
    this.lineFirstBefore = other.lineFirstBefore;
    this.indent = other.indent;
    this.indentBefore = other.indentBefore;
    this.pattern = other.pattern;
    this.#byteClass = other.#byteClass;
    this.#brackets.set(other.#brackets);
    this.#depth = other.#depth;
    this.#commas = other.#commas;
    this.#line = other.#line;
    this.lineHashBefore = other.lineHashBefore;
  }

  /** The byte above this place, in the previous line, or `ahead` bytes right of that; 0 if that line is shorter. */
  above(ahead = 0): number {
    const at = this.lineBefore + (this.end - this.lineStart) + ahead;
    return at < this.lineStart ? (this.bytes[at] ?? 0) : 0;
  }

  get column(): number {
    return this.end - this.lineStart;
  }

  /** Hash of the identifier before the innermost open bracket and the index of the argument; 0 outside of brackets. */
  get bracket(): number {
    return this.#depth === 0 ? 0 : mix(this.#brackets[(this.#depth - 1) % deepest] ?? 0, this.#commas);
  }

  get line(): number {
    return this.#line;
  }

  #endWord(): void {
    if (this.lineFirst === 0) this.lineFirst = this.word;
    this.word3 = this.word2;
    this.word2 = this.word1;
    this.word1 = this.word;
    this.word = 0;
    this.wordLength = 0;
  }

  #endLine(): void {
    if (this.end - this.lineStart > this.indent + 1) {
      this.indentBefore = this.indent;
      this.lineFirstBefore = this.lineFirst;
      this.lineHashBefore = this.#line;
    }
    this.lineBefore = this.lineStart;
    this.lineStart = this.end;
    this.lineFirst = 0;
    this.indent = 0;
    this.#line = 0;
  }

  #bracket(byte: number): void {
    if (byte === 0x28 || byte === 0x5b || byte === 0x7b) {
      this.#brackets[this.#depth % deepest] = mix(mix(this.word1, byte), this.#commas);
      this.#depth++;
      this.#commas = 0;
    } else if (byte === 0x29 || byte === 0x5d || byte === 0x7d) {
      if (this.#depth > 0) this.#depth--;
      this.#commas = 0;
    } else if (byte === 0x2c) this.#commas++;
  }

  #forget(): void {
    const kept = capacity / 2;
    this.bytes.copyWithin(0, this.end - kept, this.end);
    this.lineStart = Math.max(0, this.lineStart - (this.end - kept));
    this.lineBefore = Math.max(0, this.lineBefore - (this.end - kept));
    this.end = kept;
  }
}

const capacity = 1024;
const deepest = 32;
const lineFeed = 0x0a;
const space = 0x20;
const tab = 0x09;

/** One step of a hash: cheap, and every bit of both inputs affects the result. */
export function mix(hash: number, value: number): number {
  const h = Math.imul(hash ^ (value + 0x9e3779b9), 0x2f0b4c47);
  return h ^ (h >>> 15);
}

/** Whether a byte is part of an identifier: a letter, a digit, underscore, dollar, or any byte beyond ASCII. */
export function isWordByte(byte: number): boolean {
  return (
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    (byte >= 0x30 && byte <= 0x39) ||
    byte === 0x5f ||
    byte === 0x24 ||
    byte >= 0x80
  );
}

/** Classes of bytes. Classes 1 to 3 form runs; each other byte is a class of its own. */
function classOf(byte: number): number {
  if (byte === space || byte === tab) return 1;
  if (byte >= 0x30 && byte <= 0x39) return 2;
  if (isWordByte(byte)) return 3;
  return byte;
}
