import { softmax } from "../../completion/prediction/predictor.ts";
import { withStart } from "../../model/bits-per-char.ts";
import { contextOf, followingOf } from "../../model/condition.ts";
import type { LanguageModel, Reading, State } from "../../model/language-model.ts";
import { startToken, type Tokens } from "../../model/tokenizer.ts";
import type { Likely } from "../playground-protocol.ts";
import { likeliest } from "./likely.ts";

/** Resolves when it is this work's turn. @throws if the work is not wanted any more */
export type Turn = () => Promise<void>;

/** What a model made of one token. */
interface Step {
  readonly token: number;
  /** The state after it. */
  readonly state: State;
  /** Its probability given those before it; of a classifier and of the start token: 1. */
  readonly probability: number;
  /** The likeliest tokens in its place. */
  readonly likeliest: readonly Likely[];
  /** The probabilities of a classifier's labels after it, [labels]. */
  readonly labels: Float32Array | undefined;
}

/** Tokens that belong to one character, or a word's token. */
export interface Piece {
  readonly text: string;
  readonly steps: readonly Step[];
}

/** What is added to the state before the token at an index is read. */
interface Entry {
  readonly at: number;
  readonly condition: string;
}

/** A text as a model reads it, token by token. The steps of the beginning that two texts share are kept from one to the next. */
export class TextReading {
  readonly #model: LanguageModel;
  readonly #steps: Step[] = [];
  #text = "";
  #entry: Entry | undefined;
  /** After the last step. */
  #last: Reading;

  constructor(model: LanguageModel) {
    this.#model = model;
    this.#last = this.#beginning;
  }

  /**
   * Reads a text from its beginning on.
   * @param condition enters where it did in training; see `condition.ts`; empty: none
   * @throws what `turn` throws; what was read by then is kept
   */
  async read(text: string, condition: string, turn: Turn): Promise<void> {
    const tokens = withStart(this.#model.tokenizer.encode(text));
    const entry = this.#entryOf(condition, tokens.length);
    const kept = this.#shared(tokens, entry);
    this.#text = text;
    this.#entry = entry;
    if (kept < this.#steps.length) await this.#returnTo(kept);
    for (const token of tokens.subarray(kept)) {
      await turn();
      await this.#step(token);
    }
  }

  /** The reading after the text: its logits are those of the token that comes next. */
  get last(): Reading {
    return this.#last;
  }

  /** The characters of the text, or its words. */
  get pieces(): Piece[] {
    const units = this.#model.tokenizer.units(this.#text);
    const pieces: { from: number; steps: Step[] }[] = [];
    this.#steps.slice(1).forEach((step, i) => {
      const [from = 0, before] = [units[i], units[i - 1]];
      if (i > 0 && from === before) pieces.at(-1)?.steps.push(step);
      else pieces.push({ from, steps: [step] });
    });
    return pieces.map(({ from, steps }, i) => ({ text: this.#text.slice(from, pieces[i + 1]?.from), steps }));
  }

  /** The probabilities of a classifier's labels after the text. */
  get labels(): Float32Array | undefined {
    return this.#steps.at(-1)?.labels;
  }

  get #beginning(): Reading {
    return { state: this.#model.start(), logits: new Float32Array() };
  }

  #entryOf(condition: string, tokens: number): Entry | undefined {
    if (condition === "") return undefined;
    const { task } = this.#model.info.architecture;
    if (task === "one-to-many") return { at: 0, condition };
    return task === "sequence-to-sequence" ? { at: tokens - 1, condition } : undefined;
  }

  #conditionTokens({ condition }: Entry): Tokens {
    const { info, tokenizer } = this.#model;
    return info.architecture.task === "one-to-many" ? contextOf(condition) : followingOf(tokenizer, condition);
  }

  /** The number of steps that are the same for other tokens with another entry. */
  #shared(tokens: Tokens, entry: Entry | undefined): number {
    const former = this.#entry;
    const isSameEntry = former?.at === entry?.at && former?.condition === entry?.condition;
    const until = isSameEntry ? tokens.length : Math.min(tokens.length, former?.at ?? Infinity, entry?.at ?? Infinity);
    const different = this.#steps.findIndex(({ token }, i) => i >= until || token !== tokens[i]);
    return different < 0 ? this.#steps.length : different;
  }

  /** Drops all but the first steps. The last of these is taken again, for its logits are not kept. */
  async #returnTo(kept: number): Promise<void> {
    const again = this.#steps[kept - 1];
    this.#steps.length = kept;
    if (!again) {
      this.#last = this.#beginning;
      return;
    }
    const before = this.#steps[kept - 2]?.state ?? this.#model.start();
    const state = await this.#entered(before, kept - 1);
    this.#last = await this.#model.read(state, Int32Array.of(again.token));
  }

  async #step(token: number): Promise<void> {
    const { tokenizer, info } = this.#model;
    const isClassifier = info.architecture.task === "many-to-one";
    const before = this.#last;
    const state = await this.#entered(before.state, this.#steps.length);
    const reading = await this.#model.read(state, Int32Array.of(token));
    const predicted = isClassifier || before.logits.length === 0 ? undefined : softmax(before.logits);
    this.#last = reading;
    this.#steps.push({
      token,
      state: reading.state,
      probability: predicted?.[token] ?? 1,
      likeliest: predicted && token !== startToken ? likeliest(tokenizer, predicted) : [],
      labels: isClassifier ? softmax(reading.logits) : undefined,
    });
  }

  async #entered(state: State, at: number): Promise<State> {
    const entry = this.#entry;
    return entry?.at === at ? await this.#model.enter(state, this.#conditionTokens(entry)) : state;
  }
}
