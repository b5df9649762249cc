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
  /** The text of `tokens`; a start token stands for nothing. */
  decode(tokens: ArrayLike<number>): string;
  /** The token's text if it always stands for the same text; undefined for a part of a character (a byte of UTF-8). */
  textOf(token: number): string | undefined;
  /** What must be stored to make the same tokenizer again; see {@link tokenizerFrom}. */
  readonly stored: StoredTokenizer;
}

export type TokenizerKind = "byte" | "char";
const tokenizerKinds: readonly TokenizerKind[] = ["byte", "char"];

export type StoredTokenizer =
  | { readonly kind: "byte" }
  /** `characters`: those of tokens 2, 3, …; token 1 stands for any other. */
  | { readonly kind: "char"; readonly characters: string };

/** Makes a tokenizer of the kind; a char tokenizer knows the characters of `corpus`. */
export function createTokenizer(kind: TokenizerKind, corpus: Iterable<string>): Tokenizer {
  switch (kind) {
    case "byte":
      return byteTokenizer;
    case "char":
      return charTokenizer(charactersOf(corpus));
  }
}

/** The tokenizer that was stored as `stored`. */
export function tokenizerFrom(stored: StoredTokenizer): Tokenizer {
  return stored.kind === "byte" ? byteTokenizer : charTokenizer(stored.characters);
}

/** The kind that a user named. @throws MurmurError if there is none of that name. */
export function tokenizerKind(name: string): TokenizerKind {
  const kind = tokenizerKinds.find((known) => known === name);
  if (kind) return kind;
  throw new MurmurError("bad-option", `There is no tokenizer "${name}". Use one of: ${tokenizerKinds.join(", ")}.`);
}

/** Text as it is learned and predicted: lines end with a line feed alone, and no U+0000. */
export function normalizeText(text: string): string {
  return text.replace(/\r\n?/g, "\n").replaceAll("\0", "");
}

const encoder = new TextEncoder();

/** UTF-8 bytes: 256 tokens, and no text is out of vocabulary. */
const byteTokenizer: Tokenizer = {
  kind: "byte",
  size: 256,
  encode: (text) => Int32Array.from(encoder.encode(text)),
  decode: (tokens) => new TextDecoder().decode(Uint8Array.from(tokens).filter((byte) => byte !== startToken)),
  textOf: (token) => (token < 0x80 ? textOfCode(token) : undefined),
  stored: { kind: "byte" },
};

function textOfCode(code: number): string {
  return code === startToken ? "" : String.fromCharCode(code);
}

const unknownToken = 1;
const replacementCharacter = "\uFFFD";

/** One token a Unicode character of the corpus; all others share one. */
function charTokenizer(characters: string): Tokenizer {
  const texts = ["", replacementCharacter, ...characters];
  const tokenOf = new Map(texts.map((text, token) => [text, token]));
  return {
    kind: "char",
    size: texts.length,
    encode: (text) => Int32Array.from(text, (character) => tokenOf.get(character) ?? unknownToken),
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
