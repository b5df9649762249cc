import type { Mixture } from "../completion/prediction/mixture.ts";
import { byteCosts } from "../completion/prediction/text-cost.ts";
import { bytesOf } from "../completion/text.ts";
import { surprise, withStart } from "../model/bits-per-char.ts";
import type { Network } from "../model/language-model.ts";
import type { Tokenizer, Tokens } from "../model/tokenizer.ts";
import { type EngineUnderTest, type Source, sources, type TextLike } from "./engine-under-test.ts";

/** The cost of each character of a file in bits, [UTF-16 units]. The cost of a surrogate pair is at its first unit. */
export interface CharacterBits {
  /** All sources in use together. */
  readonly bits: Float32Array;
  /** By each source alone, if it is in use. */
  readonly bySource: { readonly [source in Source]?: Float32Array };
}

/** The cost of a file in bits, coded with an engine's predictions. */
export interface FileBits {
  readonly chars: number;
  readonly bits: number;
  readonly bySource: { readonly [source in Source]?: number };
  readonly characters: CharacterBits;
}

/**
 * The cost of a file from its first character on, Σ −log2 p(next token), by all sources together and by each alone. Nothing that
 * is learned from the file is kept.
 */
export async function measureFile(underTest: EngineUnderTest, file: TextLike): Promise<FileBits> {
  const { mixture, sources, engine } = underTest;
  const { text } = file;
  const measured: { [source in Source]?: Float32Array } = {};
  if (sources.includes("rnn") || !mixture) measured.rnn = await networkBits(engine.model, text);
  if (mixture) measured.local = await mixtureBits(underTest, mixture, undefined, file);
  const both = mixture && sources.includes("rnn") && (await mixtureBits(underTest, mixture, engine.model, file));
  const bits = both || measured.local || measured.rnn || new Float32Array(text.length);
  const sum = (costs: Float32Array): number => costs.reduce((total, cost) => total + cost, 0);
  return {
    chars: text.length,
    bits: sum(bits),
    bySource: Object.fromEntries(Object.entries(measured).map(([source, costs]) => [source, sum(costs)])),
    characters: { bits, bySource: measured },
  };
}

/** The cost of each character in bits, [UTF-16 units], by the mixture; without a model, by the local model alone. */
async function mixtureBits(
  underTest: EngineUnderTest,
  mixture: Mixture,
  model: Network | undefined,
  { name, text }: TextLike,
): Promise<Float32Array> {
  underTest.restore();
  const { mixed } = await byteCosts(mixture, bytesOf(text), { model, name });
  underTest.restore();
  const { units } = withUnits(underTest.engine.model.tokenizer, text);
  const characters = new Float32Array(text.length);
  mixed.forEach((cost, i) => {
    const unit = units[i] ?? 0;
    characters[unit] = (characters[unit] ?? 0) + cost;
  });
  return characters;
}

/** The mean cost over all characters of some files, in bits per character. */
export interface MeanBits {
  readonly chars: number;
  /** All sources in use together. */
  readonly bitsPerChar: number;
  /** By each source alone, if it is in use. */
  readonly rnn?: { readonly bitsPerChar: number };
  readonly local?: { readonly bitsPerChar: number };
}

export function meanBits(files: readonly Omit<FileBits, "characters">[]): MeanBits {
  const chars = files.reduce((sum, file) => sum + file.chars, 0);
  const mean = (bitsOf: (file: Omit<FileBits, "characters">) => number): number =>
    files.reduce((sum, file) => sum + bitsOf(file), 0) / Math.max(1, chars);
  const alone = sources
    .filter((source) => files.some((file) => file.bySource[source] !== undefined))
    .map((source) => [source, { bitsPerChar: mean((file) => file.bySource[source] ?? 0) }]);
  return { chars, bitsPerChar: mean((file) => file.bits), ...Object.fromEntries(alone) };
}

/** Tokens that are read at once. The logits of all of them are in memory. */
const chunk = 1024;

async function networkBits(model: Network, text: string): Promise<Float32Array> {
  const { tokens, units } = withUnits(model.tokenizer, text);
  const { size } = model.tokenizer;
  const characters = new Float32Array(text.length);
  let state = model.start();
  for (let from = 0; from < tokens.length - 1; from += chunk) {
    const to = Math.min(from + chunk, tokens.length - 1);
    const reading = await model.read(state, tokens.subarray(from, to));
    state = reading.state;
    for (let i = from; i < to; i++) {
      const cost = surprise(reading.logits, (i - from) * size, size, tokens[i + 1] ?? 0) / Math.LN2;
      const unit = units[i] ?? 0;
      characters[unit] = (characters[unit] ?? 0) + cost;
    }
  }
  return characters;
}

/** The start token and the tokens of a text, with the offset in the text of each token or of the character that it is part of. */
function withUnits(tokenizer: Tokenizer, text: string): { readonly tokens: Tokens; readonly units: Int32Array } {
  return { tokens: withStart(tokenizer.encode(text)), units: tokenizer.units(text) };
}
