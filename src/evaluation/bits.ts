import type { Mixture } from "../completion/prediction/mixture.ts";
import { type ByteCosts, byteCosts } from "../completion/prediction/text-cost.ts";
import { bytesOf } from "../completion/text.ts";
import { surprise, withStart } from "../model/bits-per-char.ts";
import type { Network } from "../model/language-model.ts";
import type { Tokenizer } from "../model/tokenizer.ts";
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
  const characters = await characterBits(underTest, file);
  const sum = (costs: Float32Array): number => costs.reduce((total, cost) => total + cost, 0);
  const { bits, bySource } = characters;
  return {
    chars: file.text.length,
    bits: sum(bits),
    bySource: Object.fromEntries(Object.entries(bySource).map(([source, costs]) => [source, sum(costs)])),
    characters,
  };
}

async function characterBits(underTest: EngineUnderTest, file: TextLike): Promise<CharacterBits> {
  const { mixture, sources, engine } = underTest;
  const { model } = engine;
  const inCharacters = (costs: Float32Array): Float32Array => sumOfTokens(model.tokenizer, file.text, costs);
  if (!mixture) {
    const rnn = inCharacters(await networkBits(model, file.text));
    return { bits: rnn, bySource: { rnn } };
  }
  const local = inCharacters((await mixtureBits(underTest, mixture, undefined, file)).mixed);
  if (!sources.includes("rnn")) return { bits: local, bySource: { local } };
  const { mixed, network } = await mixtureBits(underTest, mixture, model, file);
  return { bits: inCharacters(mixed), bySource: { ...(network && { rnn: inCharacters(network) }), local } };
}

/** Tokens that are read at once. The logits of all of them are in memory. */
const chunk = 512;

/** The cost of each byte in bits, by the mixture and by the network in it; without a model, by the local model alone. */
async function mixtureBits(
  underTest: EngineUnderTest,
  mixture: Mixture,
  model: Network | undefined,
  { name, text }: TextLike,
): Promise<ByteCosts> {
  underTest.restore();
  const costs = await byteCosts(mixture, bytesOf(text), { model, name, chunk });
  underTest.restore();
  return costs;
}

/** The cost of each token in bits, by a network alone. */
async function networkBits(model: Network, text: string): Promise<Float32Array> {
  const tokens = withStart(model.tokenizer.encode(text));
  const { size } = model.tokenizer;
  const costs = new Float32Array(tokens.length - 1);
  let state = model.start();
  for (let from = 0; from < costs.length; from += chunk) {
    const to = Math.min(from + chunk, costs.length);
    const reading = await model.read(state, tokens.subarray(from, to));
    state = reading.state;
    for (let i = from; i < to; i++)
      costs[i] = surprise(reading.logits, (i - from) * size, size, tokens[i + 1] ?? 0) / Math.LN2;
  }
  return costs;
}

/** The cost of each character, [UTF-16 units], from those of a text's tokens. */
function sumOfTokens(tokenizer: Tokenizer, text: string, costs: Float32Array): Float32Array {
  const units = tokenizer.units(text);
  const characters = new Float32Array(text.length);
  costs.forEach((cost, i) => {
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
