import { CompletionEngine } from "../completion/engine.ts";
import { TextReader } from "../completion/memory/text-reader.ts";
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

/** A text that the local model reads beforehand, in pieces, which are read once. */
export interface GivenText {
  readonly name: string;
  readonly pieces: Iterable<string>;
}

/**
 * Measures networks as they are used: mixed with a local model that has read the text they are trained on. Each network is measured
 * from the same state, so their figures can be compared.
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
   * @param chars the length of all texts, given and measured, in UTF-16 units; it decides how much memory is taken
   * @throws MurmurError ("not-found", "bad-model") if Murmur's mixing weights are missing or damaged
   */
  static async read(given: Iterable<GivenText>, chars: number): Promise<WholeMeasure> {
    const size = Math.min(22, Math.max(14, Math.ceil(Math.log2(4 * chars))));
    const mixture = new Mixture({ successors: size, direct: size, history: size });
    await loadParameters(mixture);
    for (const { name, pieces } of given) {
      mixture.local.history.separate();
      const place = new Place(markOf(name));
      for (const piece of pieces) for (const byte of bytesOf(piece)) mixture.local.learn(place, byte);
    }
    return new WholeMeasure(mixture);
  }

  /**
   * The cost of some texts in bits per character (UTF-16 unit), each from its first character on. How to mix is learned from one text to
   * the next, as it is in use.
   */
  async bitsPerChar(model: LanguageModel, texts: readonly TextLike[]): Promise<number> {
    let [bits, chars] = [0, 0];
    this.#mixture.restore(this.#prepared);
    for (const { name, text } of texts) {
      this.#mixture.restoreContents(this.#prepared);
      const costs = await byteCosts(this.#mixture, bytesOf(text), { model, name });
      bits += costs.reduce((sum, cost) => sum + cost, 0);
      chars += text.length;
    }
    return bits / Math.max(1, chars);
  }

  /** What a user saves who types some texts. How to mix is what the last {@link bitsPerChar} has learned. */
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
