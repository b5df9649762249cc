import { MurmurError } from "../errors.ts";

/** Token numbers, as the model reads and predicts them. */
export type Tokens = Int32Array;

/** The token before the first character of a document; it stands for U+0000, which no text file holds. */
export const startToken = 0;

/** How text becomes tokens and tokens become text. */
export interface Tokenizer {
  readonly kind: TokenizerKind;
  /** Number of different tokens. */
  readonly size: number;
  /** The tokens of `text`, without a start token. */
  encode(text: string): Tokens;
  /** For each token of `encode(text)`, where the character that it begins or belongs to stands in `text`, in UTF-16 units. */
  units(text: string): Int32Array;
  /** The text of `tokens`; a start token stands for nothing. */
  decode(tokens: ArrayLike<number>): string;
  /** The token's text, of one or more characters, if it always stands for the same; undefined for a part of a character (a byte of UTF-8). */
  textOf(token: number): string | undefined;
  /** What must be stored to make the same tokenizer again; see {@link tokenizerFrom}. */
  readonly stored: StoredTokenizer;
}

const tokenizerKinds = ["byte", "char", "word"] as const;
export type TokenizerKind = (typeof tokenizerKinds)[number];

export type StoredTokenizer =
  | { readonly kind: "byte" }
  /** `characters`: those of tokens 2, 3, …; token 1 stands for any other. */
  | { readonly kind: "char"; readonly characters: string }
  /** `words`: those of tokens 256, 257, …; the tokens below are bytes of UTF-8. */
  | { readonly kind: "word"; readonly words: readonly string[] };

/** A new tokenizer. A char tokenizer knows the characters of `corpus`, a word tokenizer its commonest words. */
export function createTokenizer(kind: TokenizerKind, corpus: Iterable<string>): Tokenizer {
  switch (kind) {
    case "byte":
      return byteTokenizer;
    case "char":
      return charTokenizer(charactersOf(corpus));
    case "word":
      return wordTokenizer(commonWords(corpus));
  }
}

/** The tokenizer that was stored as `stored`. */
export function tokenizerFrom(stored: StoredTokenizer): Tokenizer {
  switch (stored.kind) {
    case "byte":
      return byteTokenizer;
    case "char":
      return charTokenizer(stored.characters);
    case "word":
      return wordTokenizer(stored.words);
  }
}

/** The kind with that name. @throws MurmurError ("bad-option") if there is none */
export function tokenizerKind(name: string): TokenizerKind {
  const kind = tokenizerKinds.find((known) => known === name);
  if (kind) return kind;
  throw new MurmurError("bad-option", `There is no tokenizer "${name}". Use one of: ${tokenizerKinds.join(", ")}.`);
}

/** The form in which text is learned and predicted: lines end with a line feed, and U+0000 is removed. */
export function normalizeText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "");
}

const encoder = new TextEncoder();

/** UTF-8 bytes: 256 tokens, which can spell any text. */
const byteTokenizer: Tokenizer = {
  kind: "byte",
  size: 256,
  encode: (text) => Int32Array.from(encoder.encode(text)),
  units: unitsOfBytes,
  decode: (tokens) => new TextDecoder().decode(Uint8Array.from(tokens).filter((byte) => byte !== startToken)),
  textOf: (token) => (token < 0x80 ? textOfCode(token) : undefined),
  stored: { kind: "byte" },
};

function textOfCode(code: number): string {
  return code === startToken ? "" : String.fromCharCode(code);
}

const unknownToken = 1;
/** Stands for a character that a model does not know. */
export const replacementCharacter = "\uFFFD";

/** One token for each Unicode character of the corpus, and one for all other characters. */
function charTokenizer(characters: string): Tokenizer {
  const texts = ["", replacementCharacter, ...characters];
  const tokenOf = new Map(texts.map((text, token) => [text, token]));
  return {
    kind: "char",
    size: texts.length,
    encode: (text) => Int32Array.from(text, (character) => tokenOf.get(character) ?? unknownToken),
    units: (text) => {
      const units: number[] = [];
      let unit = 0;
      for (const character of text) {
        units.push(unit);
        unit += character.length;
      }
      return Int32Array.from(units);
    },
    decode: (tokens) => Array.from(tokens, (token) => texts[token] ?? "").join(""),
    textOf: (token) => texts[token] ?? "",
    stored: { kind: "char", characters },
  };
}

function charactersOf(corpus: Iterable<string>): string {
  const characters = new Set<string>();
  for (const text of corpus) for (const character of text) characters.add(character);
  characters.delete("\0");
  characters.delete(replacementCharacter);
  return [...characters].sort().join("");
}

/** For each byte of the UTF-8 of a text, the position of its character in UTF-16 units. */
function unitsOfBytes(text: string): Int32Array {
  const units = new Int32Array(encoder.encode(text).length);
  let unit = 0;
  let at = 0;
  for (const character of text) {
    const end = at + (character < "\x80" ? 1 : encoder.encode(character).length);
    units.fill(unit, at, end);
    at = end;
    unit += character.length;
  }
  return units;
}

/** Words, numbers, runs of blanks, and single characters of any other kind. Together they make up the whole text. */
const pieces = /[\p{L}_][\p{L}\p{M}\p{N}_]*|\p{N}+|[ \t]+|./gsu;

const mostWords = 4096;
const fewestUses = 3;

/** The commonest words and runs of blanks of a corpus; those of one character are left out. */
function commonWords(corpus: Iterable<string>): string[] {
  const uses = new Map<string, number>();
  for (const text of corpus) {
    for (const [piece] of text.matchAll(pieces)) {
      const before = uses.get(piece);
      if (before !== undefined) uses.set(piece, before + 1);
      else if (piece.length > 1) uses.set(copied(piece), 1);
    }
  }
  return [...uses]
    .filter(([, count]) => count >= fewestUses)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, mostWords)
    .map(([word]) => word);
}

/** A copy of a piece: a slice would keep the whole text in memory. */
function copied(piece: string): string {
  return Buffer.from(piece).toString();
}

const bytes = 256;

/** One token for each known word or run of blanks. Everything else is spelled in the bytes of its UTF-8, so no text is lost. */
function wordTokenizer(words: readonly string[]): Tokenizer {
  const tokenOf = new Map(words.map((word, i) => [word, bytes + i]));
  const encode = (text: string): Tokens => {
    const tokens: number[] = [];
    for (const [piece] of text.matchAll(pieces)) {
      const token = tokenOf.get(piece);
      if (token !== undefined) tokens.push(token);
      else for (const byte of encoder.encode(piece)) tokens.push(byte);
    }
    return Int32Array.from(tokens);
  };
  return {
    kind: "word",
    size: bytes + words.length,
    encode,
    units: (text) => {
      const units: number[] = [];
      for (const { 0: piece, index } of text.matchAll(pieces)) {
        if (tokenOf.has(piece)) units.push(index);
        else for (const unit of unitsOfBytes(piece)) units.push(index + unit);
      }
      return Int32Array.from(units);
    },
    decode: (tokens) => {
      const parts = Array.from(tokens, (token) =>
        token < bytes ? [token].filter((byte) => byte !== startToken) : encoder.encode(words[token - bytes]),
      );
      return new TextDecoder().decode(Uint8Array.from(parts.flatMap((part) => [...part])));
    },
    textOf: (token) => (token < bytes ? byteTokenizer.textOf(token) : words[token - bytes]),
    stored: { kind: "word", words },
  };
}
