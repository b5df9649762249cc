import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import type { Example } from "../model/example.ts";

/** What one step reads, row-major; a step's tensors, which the lanes fill. */
export interface Batch {
  /** [window, batch] */
  readonly tokens: Int32Array;
  /** [window, batch] */
  readonly targets: Int32Array;
  /** [window, batch]: the weight of each target in the loss, 1 in all. */
  readonly lossWeights: Float32Array;
  /** [length, batch]; empty for a network that reads no condition. */
  readonly condition: Int32Array;
  /** [batch]: 1 where the condition enters before the window, else 0. */
  readonly enters: Float32Array;
  /** The state of each lane; [layers, batch, hidden] each. */
  readonly states: readonly Float32Array[];
}

/** What a lane reads, and how far it is. */
interface Lane {
  readonly example: Example;
  position: number;
}

/** Where the examples of the lanes come from. */
export interface LaneSource {
  /** The examples of an epoch (0, 1, …), in an order that depends on its number alone. */
  readonly examplesOf: (epoch: number) => Iterable<Example>;
  /** Whether the state is carried from one example to the next, within a window too. If not, each example begins with a window and the zero state. */
  readonly carries: boolean;
}

/**
 * The endless input of a batch. Each lane reads one example after another, window by window (truncated BPTT); at the end of an example
 * it takes the next one from the order that all lanes share.
 */
export class Lanes implements Disposable {
  readonly #reading: LaneSource;
  readonly #hidden: number;
  readonly #lanes: (Lane | undefined)[];
  #epoch = 0;
  #taken = 0;
  #chars = 0;
  #tokens = 0;
  #iterator: Iterator<Example>;

  constructor(reading: LaneSource, { batch, hidden }: { readonly batch: number; readonly hidden: number }) {
    this.#reading = reading;
    this.#hidden = hidden;
    this.#lanes = Array.from({ length: batch }, () => undefined);
    this.#iterator = reading.examplesOf(0)[Symbol.iterator]();
  }

  /** Characters read so far. */
  get chars(): number {
    return this.#chars;
  }

  /** Tokens read so far. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Fills in the next batch. @throws MurmurError ("no-text") if no text is left */
  fill(into: Batch): void {
    into.lossWeights.fill(0);
    into.enters.fill(0);
    let counted = 0;
    for (let column = 0; column < this.#lanes.length; column++) counted += this.#fillLane(column, into);
    for (let i = 0; i < into.lossWeights.length; i++)
      into.lossWeights[i] = (into.lossWeights[i] ?? 0) / Math.max(1, counted);
    this.#tokens += counted;
  }

  /** @returns how many targets count */
  #fillLane(column: number, into: Batch): number {
    const batch = this.#lanes.length;
    const window = into.tokens.length / batch;
    let counted = 0;
    let t = 0;
    do {
      const lane = this.#lane(column);
      const { example } = lane;
      if (!this.#reading.carries && lane.position === 0) this.#reset(column, into.states);
      if (example.condition && example.condition.at === lane.position)
        this.#enter(column, example.condition.tokens, into);
      const end = Math.min(window, t + example.tokens.length - lane.position);
      for (; t < end; t++, lane.position++) {
        const at = t * batch + column;
        into.tokens[at] = example.tokens[lane.position] ?? 0;
        into.targets[at] = example.targets[lane.position] ?? 0;
        if (lane.position < example.from) continue;
        into.lossWeights[at] = 1;
        counted++;
        this.#chars += example.chars / (example.tokens.length - example.from);
      }
    } while (this.#reading.carries && t < window);
    // Tokens after the end of an example that ends within the window do not count.
    for (; t < window; t++) into.tokens[t * batch + column] = into.targets[t * batch + column] = 0;
    return counted;
  }

  #reset(column: number, states: readonly Float32Array[]): void {
    const stride = this.#lanes.length * this.#hidden;
    for (const state of states) {
      for (let start = column * this.#hidden; start < state.length; start += stride) {
        state.fill(0, start, start + this.#hidden);
      }
    }
  }

  #enter(column: number, tokens: Int32Array, { condition, enters }: Batch): void {
    tokens.forEach((token, i) => {
      condition[i * this.#lanes.length + column] = token;
    });
    enters[column] = 1;
  }

  save(): LanesState {
    return {
      epoch: this.#epoch,
      taken: this.#taken,
      chars: this.#chars,
      tokens: this.#tokens,
      lanes: this.#lanes.map((lane) => lane && { ...lane }),
    };
  }

  restore(state: LanesState): void {
    this.#epoch = state.epoch;
    this.#chars = state.chars;
    this.#tokens = state.tokens;
    state.lanes.forEach((lane, column) => {
      this.#lanes[column] = lane && { ...lane };
    });
    this[Symbol.dispose]();
    this.#iterator = this.#reading.examplesOf(state.epoch)[Symbol.iterator]();
    for (this.#taken = 0; this.#taken < state.taken; this.#taken++) this.#iterator.next();
  }

  /** Closes the files that are being read. */
  [Symbol.dispose](): void {
    this.#iterator.return?.();
  }

  /** The lane, with something left to read. */
  #lane(column: number): Lane {
    const lane = this.#lanes[column];
    if (lane && lane.position < lane.example.tokens.length) return lane;
    const next: Lane = { example: this.#next(), position: 0 };
    this.#lanes[column] = next;
    return next;
  }

  #next(): Example {
    for (let epochs = 0; epochs < 2; epochs++) {
      for (;;) {
        const { done, value } = this.#iterator.next();
        if (done) break;
        this.#taken++;
        if (value.tokens.length > 0) return value;
      }
      this.#epoch++;
      this.#taken = 0;
      this.#iterator = this.#reading.examplesOf(this.#epoch)[Symbol.iterator]();
    }
    throw new MurmurError("no-text", t("There is no text left to learn from: the files were deleted or emptied."));
  }
}

export interface LanesState {
  readonly epoch: number;
  /** Examples taken in this epoch. */
  readonly taken: number;
  readonly chars: number;
  readonly tokens: number;
  readonly lanes: readonly (Lane | undefined)[];
}
