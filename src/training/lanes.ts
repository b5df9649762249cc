import { MurmurError } from "../errors.ts";
import type { Example } from "../model/example.ts";

/** What one step reads, row-major; a step's tensors, which the lanes fill. */
export interface Batch {
  /** [window, batch] */
  readonly tokens: Int32Array;
  /** [window, batch] */
  readonly targets: Int32Array;
}

/** Where a lane stands in what it reads. */
interface Lane {
  readonly example: Example;
  position: number;
}

/**
 * What the lanes of a batch read, without end: each reads one example after another, window after window, and takes the
 * next one from all lanes' common order when it is through. Its state is carried all the way (truncated BPTT), so a text
 * begins with a start token and not with a new state.
 */
export class Lanes {
  readonly #examplesOf: (epoch: number) => Iterable<Example>;
  readonly #lanes: (Lane | undefined)[];
  #epoch = 0;
  #taken = 0;
  #chars = 0;
  #tokens = 0;
  #iterator: Iterator<Example>;

  /** @param examplesOf what is read in an epoch (0, 1, …), in an order that depends on nothing else */
  constructor(examplesOf: (epoch: number) => Iterable<Example>, batch: number) {
    this.#examplesOf = examplesOf;
    this.#lanes = Array.from({ length: batch }, () => undefined);
    this.#iterator = examplesOf(0)[Symbol.iterator]();
  }

  /** Characters read so far. */
  get chars(): number {
    return this.#chars;
  }

  /** Tokens read so far. */
  get tokens(): number {
    return this.#tokens;
  }

  /** Fills in what the next step reads. @throws MurmurError ("no-text") if there is nothing to read any more */
  fill({ tokens, targets }: Batch): void {
    const batch = this.#lanes.length;
    const window = tokens.length / batch;
    for (let column = 0; column < batch; column++) {
      for (let t = 0; t < window; ) {
        const lane = this.#lane(column);
        const { example } = lane;
        const end = Math.min(window, t + example.tokens.length - lane.position);
        this.#chars += ((end - t) * example.chars) / example.tokens.length;
        for (; t < end; t++, lane.position++) {
          tokens[t * batch + column] = example.tokens[lane.position] ?? 0;
          targets[t * batch + column] = example.targets[lane.position] ?? 0;
        }
      }
    }
    this.#tokens += tokens.length;
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
    this.#iterator = this.#examplesOf(state.epoch)[Symbol.iterator]();
    for (this.#taken = 0; this.#taken < state.taken; this.#taken++) this.#iterator.next();
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
      this.#iterator = this.#examplesOf(this.#epoch)[Symbol.iterator]();
    }
    throw new MurmurError("no-text", "There is no text left to learn from: the files were deleted or emptied.");
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
