import { CompletionEngine } from "../completion/engine.ts";
import { loadDefault } from "../completion/memory/rehearsal.ts";
import { mostRehearsed, TextReader } from "../completion/memory/text-reader.ts";
import { defaultSizes } from "../completion/prediction/local/local-model.ts";
import { markOf, Place } from "../completion/prediction/local/place.ts";
import { loadParameters } from "../completion/prediction/mixing-parameters.ts";
import { Mixture, type MixtureSnapshot } from "../completion/prediction/mixture.ts";
import { byteCosts } from "../completion/prediction/text-cost.ts";
import { usualMaxCharacters } from "../completion/suggestion.ts";
import { bytesOf } from "../completion/text.ts";
import type { LanguageModel } from "../model/language-model.ts";
import { sources, type TextLike } from "./engine-under-test.ts";
import { measure } from "./measure.ts";
import { summarize } from "./summary.ts";

/** What a user gets from a network mixed with a local model. */
export interface TypingFigures {
  /** Share of the characters that Murmur types. */
  readonly acceptedShare: number;
  /** Share of the keystrokes saved, less what suggestions cost; see summarize. */
  readonly netSaved: number;
}

/** What some texts cost. */
export interface BitsFigures {
  /** Of the texts, in UTF-16 units. */
  readonly chars: number;
  /** In bits per character: by network and local model together, and by the network alone. */
  readonly mixed: number;
  readonly bitsPerChar: number;
}

/** A text that the local model reads beforehand, in pieces, which are read once. */
export interface GivenText {
  readonly name: string;
  /** In UTF-16 units. */
  readonly chars: number;
  readonly pieces: Iterable<string>;
}

export interface WholeMeasureOptions {
  /** The length of all texts, given and measured, in UTF-16 units; it decides how much memory is taken. */
  readonly chars: number;
  /** How much of the given texts is rehearsed: the last ones, up to this share of what is rehearsed in use. */
  readonly rehearsed: number;
}

/**
 * Measures networks as they are used: mixed with a local model that has read the text they are trained on, and has rehearsed some of it
 * with the model that Murmur comes with; see {@link Rehearsal}. Each network is measured from the same state, so their figures can be
 * compared.
 */
export class WholeMeasure {
  readonly #mixture: Mixture;
  readonly #prepared: MixtureSnapshot;

  private constructor(mixture: Mixture) {
    this.#mixture = mixture;
    this.#prepared = mixture.snapshot();
  }

  /**
   * Reads the given texts into a local model.
   * @throws MurmurError ("not-found", "bad-model") if Murmur's mixing weights are missing or damaged
   */
  static async read(given: readonly GivenText[], { chars, rehearsed }: WholeMeasureOptions): Promise<WholeMeasure> {
    const fitting = Math.max(14, Math.ceil(Math.log2(4 * chars)));
    const size = Math.min(defaultSizes.successors, fitting);
    const own = Math.min(defaultSizes.own, fitting);
    const mixture = new Mixture({ successors: size, own, direct: size, history: size });
    await loadParameters(mixture);
    const model = rehearsed > 0 ? await loadDefault() : undefined;
    const most = rehearsed * mostRehearsed;
    let left = given.reduce((sum, text) => sum + text.chars, 0);
    for (const { name, chars: length, pieces } of given) {
      mixture.local.history.separate();
      if (model && left <= most) {
        await byteCosts(mixture, bytesOf([...pieces].join("")), { model, name, isRehearsed: true });
      } else {
        const place = new Place(markOf(name));
        for (const piece of pieces) for (const byte of bytesOf(piece)) mixture.local.learn(place, byte);
      }
      left -= length;
    }
    await model?.release();
    return new WholeMeasure(mixture);
  }

  /**
   * The cost of some texts, each from its first character on. How to mix is learned from one text to the next, as it is in use.
   */
  async bits(model: LanguageModel, texts: readonly TextLike[]): Promise<BitsFigures> {
    const sum = { mixed: 0, bitsPerChar: 0 };
    this.#mixture.restore(this.#prepared);
    for (const { name, text } of texts) {
      this.#mixture.restoreContents(this.#prepared);
      const { mixed, network } = await byteCosts(this.#mixture, bytesOf(text), { model, name });
      sum.mixed += total(mixed);
      if (network) sum.bitsPerChar += total(network);
    }
    const chars = texts.reduce((length, { text }) => length + text.length, 0);
    return { chars, mixed: sum.mixed / Math.max(1, chars), bitsPerChar: sum.bitsPerChar / Math.max(1, chars) };
  }

  /** What a user saves who types some texts. How to mix is what the last {@link bits} has learned. */
  async typing(model: LanguageModel, texts: readonly TextLike[]): Promise<TypingFigures> {
    const [mixture, prepared] = [this.#mixture, this.#prepared];
    mixture.restoreContents(prepared);
    const reader = new TextReader(mixture);
    const engine = new CompletionEngine(model, { budget: Number.POSITIVE_INFINITY, mixture, reader });
    const restore = (): void => mixture.restoreContents(prepared);
    const underTest = { engine, mixture, sources, restore, release: () => Promise.resolve() };
    const typing = { every: 1, temperature: 0, maxCharacters: usualMaxCharacters };
    const simulations = [];
    for (const text of texts) {
      const { simulation } = await measure(underTest, text, { typing });
      if (simulation) simulations.push(simulation);
    }
    const { acceptedShare, netSaved } = summarize(simulations);
    return { acceptedShare, netSaved };
  }
}

function total(costs: Float32Array): number {
  return costs.reduce((sum, cost) => sum + cost, 0);
}
