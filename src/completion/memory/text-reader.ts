import type { NamedText } from "../../languages.ts";
import type { Network } from "../../model/language-model.ts";
import type { Mixture } from "../prediction/mixture.ts";
import { bytesOf } from "../text.ts";
import { LatestFirst } from "./latest-first.ts";
import { type LearnedLine, learnedLine } from "./learned-line.ts";
import { areHeld, bytesAt, type Pieces } from "./pieces.ts";
import { TextLearner } from "./text-learner.ts";
import { hashOf, type NamedRecord, type TextRecord, TextRecords } from "./text-records.ts";
import { Turns } from "./turns.ts";

/**
 * The last texts of a workspace are rehearsed, up to this many characters. They show how far to trust each source, and take some
 * seconds.
 */
export const mostRehearsed = 80_000;

export interface ReadOptions {
  /**
   * The name of the text, such as its file's path. The text replaces the one known by that name. Default: named by its contents.
   */
  readonly name?: string | undefined;
  /** The language of a notebook's kernel. Default: the text's language goes by its name. */
  readonly languageId?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What learns a text as it is written, such as an open document's learner. */
export interface TextWriter {
  /** The name of the text. */
  readonly name: string;
  /** Whether something was learned that is not recorded yet. */
  readonly isProvisional: boolean;
  /** Whether a position of the history is in what was typed since the text was recorded last. */
  hasTyped(position: number): boolean;
  /** Records the text as far as it is written. @returns when that is done */
  settle(): Promise<void>;
}

/**
 * Reads whole texts into the local model, a little at a time. No text is read twice while the history holds it. When a text has
 * changed, the new lines are learned and the removed ones taken back. However many texts are read side by side, one slice is read
 * at a time, and other work runs between any two slices.
 */
export class TextReader {
  readonly #records: TextRecords;
  readonly #turns = new Turns();
  readonly #learner: TextLearner;
  /** By name: the end of the work on that text. */
  readonly #busy = new Map<string, Promise<unknown>>();
  readonly #latestFirst = new LatestFirst();
  readonly #writers = new Set<TextWriter>();
  #forgotten = 0;
  /** The names and the hashes of the texts that were rehearsed. */
  readonly #rehearsed = new Set<string | number>();

  constructor(mixture: Mixture) {
    this.#records = new TextRecords(mixture.local.history);
    this.#learner = new TextLearner(mixture, this.#records, this.#turns);
  }

  /** The texts that were read and that the history still holds. */
  get known(): NamedRecord[] {
    return this.#records.all;
  }

  /** Replaces the known texts: those that the history holds. */
  set known(records: Iterable<NamedRecord>) {
    this.#rehearsed.clear();
    this.#records.all = records;
  }

  /** The names of the texts that were read. */
  get names(): string[] {
    return this.#records.names;
  }

  /** The texts that were read. */
  get texts(): NamedText[] {
    return this.#records.texts;
  }

  /** How many texts were taken back so far. */
  get forgotten(): number {
    return this.#forgotten;
  }

  /** Whether any part of the named text is known. */
  knows(name: string): boolean {
    return this.#records.get(name) !== undefined;
  }

  /** Whether all of the named text is known, and the history still holds it. */
  holds(name: string): boolean {
    const { hash, pieces } = this.#records.get(name) ?? {};
    return hash !== undefined && pieces !== undefined && areHeld(this.#records.history, pieces);
  }

  /** The passages of the history that hold the named text. */
  piecesOf(name: string): Pieces {
    return this.#records.get(name)?.pieces ?? [];
  }

  /** The text at a position of the history; undefined if it is unknown. */
  textAt(position: number): NamedText | undefined {
    return this.#records.textAt(position);
  }

  /** The line at a position of the history, and which text it is from; undefined if the history does not hold it. */
  lineAt(position: number): LearnedLine | undefined {
    const name = this.textAt(position)?.name;
    const writer = [...this.#writers].find((one) => one.hasTyped(position));
    return learnedLine(this.#records.history, position, {
      name: name ?? writer?.name,
      pieces: name === undefined ? undefined : this.piecesOf(name),
    });
  }

  /** Makes a text one that is learned as it is written: its file is not read until the writer is removed. */
  add(writer: TextWriter): void {
    this.#writers.add(writer);
  }

  remove(writer: TextWriter): void {
    this.#writers.delete(writer);
  }

  /** Records all texts that are being written, so that what was learned of them can be taken back. */
  async settleAll(): Promise<void> {
    const provisional = [...this.#writers].filter(({ isProvisional }) => isProvisional);
    await Promise.all(provisional.map((writer) => writer.settle()));
  }

  /** Resolves when all work that was begun has ended. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#busy.values());
  }

  /** Resolves when it is the turn of other background work. */
  async turn(): Promise<void> {
    await this.#turns.next();
  }

  /**
   * Does other work on a text in the same turns as reading: after all work on it that was begun, step by step, with other work
   * between the steps.
   * @param begin gives the steps when their turn has come; an abort ends them early
   */
  async inTurns(name: string, begin: () => Iterable<void>, signal: AbortSignal): Promise<void> {
    await this.#alone(name, async () => {
      for (const _ of begin()) {
        if (signal.aborted) break;
        await this.#turns.next();
      }
    });
  }

  /** Lets other work go first, such as a request that a user waits for: nothing is read until it has ended. */
  yieldTo(work: Promise<unknown>): void {
    this.#turns.yieldTo(work);
  }

  /** Mostly holds back reading for so many milliseconds, because a request is expected. */
  beQuiet(milliseconds: number): void {
    this.#turns.beQuiet(milliseconds);
  }

  /**
   * Reads a text in the background, unless it is being written.
   * @returns whether it was new
   * @throws the signal's reason if it is aborted; the part read by then is known, and the rest is read the next time
   */
  async read(text: string, options: ReadOptions = {}): Promise<boolean> {
    const { name, bytes } = named(text, options);
    const load = async (): Promise<Uint8Array | undefined> => (this.#isWritten(name) ? undefined : bytes);
    return await this.#readNew(name, load, options, (bytes) => this.#learner.learn(name, bytes, options.signal));
  }

  /**
   * Reads the text of a document that was opened, in the background. Of several, the one that was opened last goes first, because that is the
   * one in which the user types.
   * @param load gives the bytes of the text when its turn has come; it pauses as often as it is given to
   * @throws the signal's reason if it is aborted; the part read by then is known
   */
  async readOpened(
    name: string,
    load: (pause: () => Promise<void>) => Promise<Uint8Array>,
    signal: AbortSignal,
  ): Promise<void> {
    const read = async (untilLatest: () => Promise<void>): Promise<void> => {
      const pause = async (): Promise<void> => {
        await untilLatest();
        await this.#turns.next();
        signal.throwIfAborted();
      };
      const learn = (bytes: Uint8Array): Promise<void> => this.#learner.learn(name, bytes, signal, pause);
      await this.#readWhole(name, () => load(pause), { signal }, learn);
    };
    await this.#alone(name, () => this.#latestFirst.run(signal, read), signal);
  }

  /**
   * Reads a text as if it were typed: predicts it, and learns from that how far to trust each source in this workspace. This is
   * some twenty times slower than {@link read}. If an older form of the text is known, it is read as by {@link read}. So is a
   * text that was rehearsed before and taken back: the traces that it left would predict it well, and be trusted too much.
   * @throws the signal's reason if it is aborted
   */
  async rehearse(text: string, model: Network, options: ReadOptions = {}): Promise<boolean> {
    const { name, bytes } = named(text, options);
    const { signal } = options;
    const load = async (): Promise<Uint8Array | undefined> => (this.#isWritten(name) ? undefined : bytes);
    return await this.#readNew(name, load, options, async () => {
      const hash = hashOf(bytes);
      const isKnown = this.knows(name) || this.#rehearsed.has(name) || this.#rehearsed.has(hash);
      this.#rehearsed.add(name).add(hash);
      if (isKnown) await this.#learner.learn(name, bytes, signal);
      else await this.#learner.rehearse(name, bytes, model, signal);
    });
  }

  /**
   * Takes back all that was learned of a text.
   * @throws the signal's reason if it is aborted; the rest is still known then
   */
  async forget(name: string, signal?: AbortSignal): Promise<void> {
    await this.#alone(name, () => this.#forget(name, signal), signal);
  }

  /**
   * Records a text that was learned as it was typed. It is not read again, and can be taken back.
   * @param load gives the bytes of the text when its turn has come; undefined: there is nothing to record
   */
  async settle(name: string, load: () => Promise<Uint8Array | undefined>): Promise<void> {
    await this.#alone(name, async () => {
      const bytes = await load();
      if (!bytes) return;
      const hash = hashOf(bytes);
      if (this.#records.isShared(name)) {
        if (this.#records.get(name)?.hash === hash) return;
        await this.#separate(name);
      }
      await this.#learner.note(name, bytes);
      this.#complete(name, hash);
    });
  }

  /** Reads a text if it is not known yet. It counts as known only when all of it was read. */
  async #readNew(
    name: string,
    load: () => Promise<Uint8Array | undefined>,
    options: ReadOptions,
    read: (bytes: Uint8Array) => Promise<void>,
  ): Promise<boolean> {
    return await this.#alone(name, () => this.#readWhole(name, load, options, read), options.signal);
  }

  async #readWhole(
    name: string,
    load: () => Promise<Uint8Array | undefined>,
    { languageId, signal }: ReadOptions,
    read: (bytes: Uint8Array) => Promise<void>,
  ): Promise<boolean> {
    const bytes = await load();
    if (!bytes) return false;
    const hash = hashOf(bytes);
    if (this.#records.namesOf(hash).includes(name)) {
      this.#complete(name, hash, languageId);
      return false;
    }
    if (this.#sameAs(hash) || this.#records.isShared(name)) await this.#forget(name, signal);
    const same = this.#sameAs(hash);
    if (same) {
      this.#records.set(name, recordOf(hash, same.pieces, languageId));
      // Not aborted halfway: the record says that all of it is counted.
      await this.#learner.share(name, same.pieces);
    } else {
      await read(bytes);
      this.#complete(name, hash, languageId);
    }
    return !same;
  }

  /** The record of a text with this hash whose pieces can be shared: those of one that is being worked on may be taken back. */
  #sameAs(hash: string): TextRecord | undefined {
    const name = this.#records.namesOf(hash).find((one) => !this.#busy.has(one));
    return name === undefined ? undefined : this.#records.get(name);
  }

  async #forget(name: string, signal: AbortSignal | undefined): Promise<void> {
    if (this.knows(name)) this.#forgotten++;
    const isShared = this.#records.isShared(name);
    const pieces = this.piecesOf(name);
    if (!isShared) await this.#learner.learn(name, new Uint8Array(0), signal);
    // Two names that are forgotten side by side must not both leave the contents to the other.
    this.#records.delete(name);
    if (isShared) await this.#learner.unshare(name, pieces);
  }

  /** Learns a text whose contents are another's by itself, as it is known: from then on, each can be taken back without the other. */
  async #separate(name: string): Promise<void> {
    const pieces = this.piecesOf(name);
    const bytes = bytesAt(this.#records.history, pieces) ?? new Uint8Array(0);
    this.#records.delete(name);
    await this.#learner.unshare(name, pieces);
    await this.#learner.learn(name, bytes, undefined);
  }

  #isWritten(name: string): boolean {
    return [...this.#writers].some((writer) => writer.name === name);
  }

  #complete(name: string, hash: string, languageId?: string): void {
    this.#records.set(name, recordOf(hash, this.#records.get(name)?.pieces ?? [], languageId));
  }

  /**
   * Does one thing at a time with a text, in the order of the calls, each when its turn has come.
   * @throws the signal's reason if it is aborted by then; it is not waited for longer than that
   */
  async #alone<Result>(name: string, work: () => Promise<Result>, signal?: AbortSignal): Promise<Result> {
    const former = this.#busy.get(name);
    const inTurn = async (): Promise<Result> => {
      if (former) await untilAborted(former, signal);
      await this.#turns.next();
      signal?.throwIfAborted();
      return await work();
    };
    const running = inTurn();
    // What comes next waits for the former work too, for this may have ended before it.
    const end = Promise.allSettled([former, running]);
    this.#busy.set(name, end);
    try {
      return await running;
    } finally {
      void end.then(() => this.#busy.get(name) === end && this.#busy.delete(name));
    }
  }
}

/** Resolves when some work has settled, or the signal is aborted. */
async function untilAborted(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (signal?.aborted) return;
  await new Promise<void>((resolve) => {
    const end = (): void => {
      signal?.removeEventListener("abort", end);
      resolve();
    };
    signal?.addEventListener("abort", end);
    void work.then(end, end);
  });
}

/** The bytes of a text, and its name: without one, it is named by its contents. */
function named(text: string, { name }: ReadOptions): { name: string; bytes: Uint8Array } {
  const bytes = bytesOf(text);
  return { name: name ?? `text ${hashOf(bytes)}`, bytes };
}

function recordOf(hash: string, pieces: Pieces, languageId: string | undefined): TextRecord {
  return languageId === undefined ? { hash, pieces } : { hash, pieces, languageId };
}
