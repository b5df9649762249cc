import { startToken } from "../../model/tokenizer.ts";
import type { Prediction } from "../prediction/predictor.ts";
import { isWhole, mayFollow } from "./characters.ts";
import { chooseToken, probabilityOf, type Sampling } from "./sampling.ts";

/** Gives the replacement for the next decoded character; see `fittedBlank`. @param decoded the text decoded so far */
export type FitBlank = (next: string, decoded: string) => " " | "\t" | "" | undefined;

/** A character of a continuation. */
export interface GivenCharacter {
  readonly text: string;
  readonly tokens: readonly number[];
  /** Its probability given the text before it, at temperature 1. */
  readonly probability: number;
}

/** A decoded character. */
export interface DecodedCharacter extends GivenCharacter {
  /** The prediction at its beginning. */
  readonly before: Prediction;
}

export interface Decoding extends Sampling {
  /**
   * The random number in [0, 1) that chooses a token.
   * @param offset of the token's character, in UTF-16 units from the beginning of decoding
   * @param part the token's index in its character
   */
  readonly draw: (offset: number, part: number) => number;
  /** Whether decoding ends before a line feed. */
  readonly withinLine: boolean;
  /** Whether decoding never ends. Otherwise it ends where the end of the document is predicted. */
  readonly isEndless?: boolean;
  /** Default: every character is taken as it is. */
  readonly fitBlank?: FitBlank | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Decodes whole characters from a prediction on, as long as the caller takes them. The network reads a character only when the
 * next one is wanted, so the last one costs no step.
 */
export async function* decode(from: Prediction, decoding: Decoding): AsyncGenerator<DecodedCharacter, void, void> {
  let before = from;
  for (let decoded = ""; !decoding.signal?.aborted; ) {
    const character = await decodeFitted(before, decoding, decoded);
    if (!character) return;
    yield character;
    if (decoding.signal?.aborted) return;
    before = await after(character);
    decoded += character.text;
  }
}

/** Gives characters that are chosen already, and decodes what follows them, as {@link decode} does. */
export async function* decodeAfter(
  from: Prediction,
  given: readonly GivenCharacter[],
  decoding: Decoding,
): AsyncGenerator<DecodedCharacter, void, void> {
  let before = from;
  for (const character of given) {
    yield { ...character, before };
    if (decoding.signal?.aborted) return;
    before = await after({ ...character, before });
  }
  yield* decode(before, decoding);
}

/** The prediction after a decoded character. */
export function after(character: DecodedCharacter): Promise<Prediction> {
  const last = character.tokens.at(-1);
  return last === undefined
    ? Promise.resolve(character.before)
    : character.before.read(Int32Array.from(character.tokens));
}

export function firstToken({ tokens }: DecodedCharacter): number {
  return tokens[0] ?? startToken;
}

/** The likeliest character at a prediction that does not begin with an excluded token; undefined if that is the end of the line. */
export function decodeOther(
  before: Prediction,
  excluded: ReadonlySet<number>,
  fitBlank?: FitBlank,
): Promise<DecodedCharacter | undefined> {
  return decodeFitted(before, { temperature: 0, withinLine: true, draw: () => 0, fitBlank }, "", excluded);
}

/** The character at `before`, or its replacement; undefined where decoding ends. */
async function decodeFitted(
  before: Prediction,
  decoding: Decoding,
  decoded: string,
  excluded?: ReadonlySet<number>,
): Promise<DecodedCharacter | undefined> {
  const character = await decodeCharacter(before, decoding, decoded.length, excluded);
  const fitted = character && decoding.fitBlank?.(character.text, decoded);
  if (fitted === undefined) return character;
  const blanks = [" ", "\t"].flatMap((blank) => [...before.tokenizer.encode(blank)]);
  const blankProbability = blanks.reduce((sum, token) => sum + probabilityOf(before.logits, token), 0);
  if (fitted !== "") {
    const isBlank = character?.text.trim() === "";
    const tokens = [...before.tokenizer.encode(fitted)];
    // Tabs and spaces share their probability. A blank that has to be inserted is certain.
    return { text: fitted, tokens, probability: isBlank ? blankProbability : 1, before };
  }
  const other = await decodeCharacter(before, decoding, decoded.length, new Set([...(excluded ?? []), ...blanks]));
  return (
    other && { ...other, probability: Math.min(1, other.probability / Math.max(1 - blankProbability, leastShare)) }
  );
}

/** Probabilities are divided by no less than this. */
const leastShare = 1e-6;

/** The character at `before`; undefined where decoding ends. */
async function decodeCharacter(
  before: Prediction,
  decoding: Decoding,
  offset: number,
  excluded?: ReadonlySet<number>,
): Promise<DecodedCharacter | undefined> {
  const { tokenizer } = before;
  const tokens: number[] = [];
  let probability = 1;
  for (let prediction = before; ; prediction = await prediction.read(Int32Array.of(tokens.at(-1) ?? startToken))) {
    const endAllowed = !decoding.isEndless && tokens.length === 0;
    const token = chooseToken(
      prediction.logits,
      (candidate) =>
        (mayFollow(tokenizer, tokens, candidate) && !(tokens.length === 0 && excluded?.has(candidate))) ||
        (endAllowed && candidate === startToken),
      decoding,
      decoding.draw(offset, tokens.length),
    );
    if (endAllowed && token === startToken) return undefined;
    if (decoding.withinLine && tokenizer.textOf(token) === "\n") return undefined;
    probability *= probabilityOf(prediction.logits, token);
    tokens.push(token);
    if (isWhole(tokenizer, tokens)) return { text: tokenizer.decode(tokens), tokens, probability, before };
  }
}
