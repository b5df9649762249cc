import { setImmediate } from "node:timers/promises";
import type { Span } from "../../span.ts";
import { holdsPosition } from "../memory/pieces.ts";
import type { TextReader, TextWriter } from "../memory/text-reader.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { markOf } from "../prediction/local/place.ts";
import type { ReplacedText } from "../prediction/local/replaced-text.ts";
import { bytesOf } from "../text.ts";
import { changedLines, changesBetween } from "./changed-lines.ts";
import { DocumentText } from "./document-text.ts";
import { type Change, type Edit, longestTyped } from "./edit.ts";
import { isNewlyRefused, type LearnedDocument, refusedAfter, replaceLines, widened } from "./learned-document.ts";
import { LearnedText } from "./learned-text.ts";
import { allowsAll, type LearningFilter } from "./learning-filter.ts";
import { refusedAsTyped, refusedLines } from "./refused-lines.ts";
import { ReplacedPassage } from "./replaced-passage.ts";
import { difference, joined, type Spans, textWithout, within } from "./spans.ts";

/** The text that an edit brought in. */
export interface Arrivals {
  /** The typed passages, in whole characters, that are learned at once. */
  readonly typed: readonly Span[];
  /** Whether nothing was removed, and there is one passage: what comes after it came before after the text before it. */
  readonly isInsertion: boolean;
  /**
   * Learns the edit; to be called at once. What was typed is learned before it returns, and what is too long for that in the
   * background.
   * @returns when everything is learned
   */
  learn(): Promise<void>;
}

export interface LearnerOptions {
  /** The name by which the document's text is known. */
  readonly name: string;
  readonly local: LocalModel;
  /** Reads in the background what is too long to be learned at once. */
  readonly reader: TextReader;
  /** Decides what may be learned. */
  readonly filter?: LearningFilter | undefined;
}

/** The most places of one edit that are learned at once. More, as from a formatter or a renaming, are learned in the background. */
const mostAtOnce = 8;

/** Longer passages, in UTF-16 units, are judged as they are when a file is read, and not as something that is being typed. */
const longestJudged = 3_000;

const nothing: Arrivals = { typed: [], isInsertion: false, learn: () => Promise.resolve() };

/** Learns one document as it is written. To be closed in the end. */
export class DocumentLearner implements TextWriter {
  readonly #options: LearnerOptions;
  readonly #filter: LearningFilter;
  readonly #closed = new AbortController();
  readonly #replaced = new ReplacedPassage();
  /** The latest text; undefined before the first one. */
  #text: DocumentText | undefined;
  /** Undefined until the first text is read. */
  #learned: LearnedDocument | undefined;
  /** The text that was last judged as a whole, and learned accordingly. */
  #judged: DocumentText | undefined;
  /** How many texts and edits wait to be learned in the background, with the one that is being learned. */
  #waiting = 0;

  constructor(options: LearnerOptions) {
    this.#options = options;
    this.#filter = options.filter ?? allowsAll;
    options.reader.add(this);
  }

  get name(): string {
    return this.#options.name;
  }

  /** Whether something was learned that is not settled yet. */
  get isProvisional(): boolean {
    return this.#learned?.counted.isSettled === false;
  }

  hasTyped(position: number): boolean {
    return this.#learned?.counted.hasTyped(position) === true;
  }

  /** Whether the character at an offset of a text is counted now. */
  isCounted(text: DocumentText, offset: number): boolean {
    const learned = this.#learned;
    return learned?.text === text && within(learned.refused, { from: offset, to: offset + 1 }).length === 0;
  }

  /** The position in the removed text that corresponds to an offset in its replacement; undefined if nothing is being replaced. */
  replacedAt(text: DocumentText, offset: number): ReplacedText | undefined {
    return this.#replaced.at(text, offset);
  }

  /**
   * Takes the document's new text. The first text is read as a whole. Edits are learned one after another: while one is being
   * learned in the background, the next ones wait there, because they may remove what is not learned yet.
   * @param edit how the text became this one; without it, or if it does not start from the last text, the texts are compared
   */
  take(text: DocumentText, edit?: Edit): Arrivals {
    const former = this.#text;
    if (former === text) return nothing;
    this.#text = text;
    const learned = this.#learned;
    const isInStep = learned !== undefined && learned.text === former;
    const changes = former ? changesBetween(former, text, edit) : [];
    this.#replaced.change(text, changes, isInStep ? learned.refused : undefined);
    if (this.#waiting > 0) return { ...nothing, learn: () => this.#learnLater(text, edit) };
    if (!learned) return { ...nothing, learn: () => this.#read(text) };
    if (!isInStep || !isTyped(changes)) return { ...nothing, learn: () => this.#learnLater(text, edit) };
    const lines = changedLines(learned.text, text, changes);
    const refused = lines.map(({ added }) => refusedAsTyped(this.#filter, text, added));
    if (isNewlyRefused(learned, lines, refused)) return { ...nothing, learn: () => this.#learnLater(text, edit) };
    const isAllowed = refused.every(({ length }) => length === 0);
    return {
      typed: isAllowed ? changes.map(({ added }) => added).filter(({ from, to }) => from < to) : [],
      isInsertion: changes.length === 1 && changes.every(({ removed }) => removed.from === removed.to),
      learn: async () => finished(replaceLines(learned, text, lines, refused)),
    };
  }

  /**
   * Settles the current text after everything that waits: it counts as known by its name, is not read again as a file, and can be
   * taken back.
   */
  async settle(): Promise<void> {
    const { name, reader } = this.#options;
    let erase = (): void => undefined;
    await reader.settle(name, async () => {
      const learned = this.#closed.signal.aborted ? this.#learnedSoFar() : this.#learned;
      if (!learned) return undefined;
      const isJudged = learned.text === this.#judged;
      if (isJudged && reader.holds(name)) return undefined;
      // Not in turns, which wait while the user types: closing a document and saving the memory wait for this. They also wait for a
      // first text that is being read, unless learning was stopped.
      if (!isJudged) await withPauses(this.#judge(learned), setImmediate);
      erase = learned.counted.settle();
      this.#replaced.settle(learned.text, learned.refused);
      return bytesOf(learned.counted.text.toString());
    });
    erase();
  }

  /** Stops learning, also what is being learned, and settles what was learned by then. */
  async close(): Promise<void> {
    this.#closed.abort();
    await this.#end();
  }

  /**
   * Closes after everything that waits is learned. Only then is all that was typed known by the document's name, so that it can
   * be compared with the file and taken back. The reading of a first text ends: nothing that was typed in it is learned yet, and its
   * file is read after the close, if that may be read.
   */
  async finish(): Promise<void> {
    if (!this.#learned) return await this.close();
    await this.#end();
    this.#closed.abort();
  }

  async #end(): Promise<void> {
    try {
      await this.settle();
    } finally {
      this.#options.reader.remove(this);
    }
  }

  /** What is learned, if an edit ended halfway. */
  #learnedSoFar(): LearnedDocument | undefined {
    const { counted } = this.#learned ?? {};
    return counted && { text: counted.text, refused: [], counted };
  }

  async #read(text: DocumentText): Promise<void> {
    const { name, local, reader } = this.#options;
    const { signal } = this.#closed;
    const whole = { from: 0, to: text.length };
    let refused: Spans = [];
    let allowed = text;
    this.#waiting++;
    try {
      const load = async (pause: () => Promise<void>): Promise<Uint8Array> => {
        refused = await withPauses(refusedLines(this.#filter, text), pause);
        if (refused.length > 0) allowed = DocumentText.of(textWithout(text, whole, refused));
        return bytesOf(allowed.toString());
      };
      await reader.readOpened(name, load, signal);
      const isSettledAt = (position: number): boolean => holdsPosition(reader.piecesOf(name), position);
      this.#learned = {
        text,
        refused,
        counted: new LearnedText(local, markOf(name), allowed, isSettledAt),
      };
      this.#judged = text;
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      this.#waiting--;
    }
  }

  async #learnLater(text: DocumentText, edit: Edit | undefined): Promise<void> {
    this.#waiting++;
    try {
      await this.#inTurns((learned) => this.#steps(learned, text, edit));
    } finally {
      this.#waiting--;
    }
  }

  async #inTurns(steps: (learned: LearnedDocument) => Iterable<void>): Promise<void> {
    const { name, reader } = this.#options;
    await reader.inTurns(name, () => (this.#learned ? steps(this.#learned) : []), this.#closed.signal);
  }

  *#steps(learned: LearnedDocument, text: DocumentText, edit: Edit | undefined): Generator<void> {
    const lines = changedLines(learned.text, text, changesBetween(learned.text, text, edit));
    const isLong = lines.some(({ added }) => added.to - added.from > longestJudged);
    const refused: Spans[] = [];
    for (const { added } of isLong ? [] : lines) {
      refused.push(refusedAsTyped(this.#filter, text, added));
      yield;
    }
    if (!isLong && !isNewlyRefused(learned, lines, refused)) yield* replaceLines(learned, text, lines, refused);
    else {
      // The lines may be part of a secret that has more lines, such as a private key.
      const read = yield* refusedLines(this.#filter, text);
      const all = joined([...read, ...refusedAfter(learned.refused, lines, refused)]);
      const change = widened(lines, difference(all, refusedAfter(learned.refused, lines, [])));
      yield* replaceLines(learned, text, [change], [within(all, change.added)]);
    }
  }

  /**
   * Judges the whole text as if it were read, and learns or takes back where that differs from what was judged as it was typed. A
   * line that may still become a secret is not learned.
   */
  *#judge(learned: LearnedDocument): Generator<void> {
    let text: DocumentText;
    let read: Spans;
    do {
      text = learned.text;
      read = yield* refusedLines(this.#filter, text);
    } while (text !== learned.text);
    const typed = learned.refused.filter((span) => within(read, span).length === 0);
    const refused = joined([...read, ...typed.flatMap((span) => refusedAsTyped(this.#filter, text, span))]);
    const changed = difference(learned.refused, refused);
    if (changed) {
      // What is typed meanwhile waits.
      this.#waiting++;
      try {
        yield* replaceLines(learned, text, [{ removed: changed, added: changed }], [within(refused, changed)]);
      } finally {
        this.#waiting--;
      }
    }
    this.#judged = text;
  }
}

function isTyped(changes: readonly Change[]): boolean {
  const length = changes.reduce(
    (sum, { removed, added }) => sum + removed.to - removed.from + added.to - added.from,
    0,
  );
  return changes.length <= mostAtOnce && length <= longestTyped;
}

function finished<Result>(steps: Generator<void, Result>): Result {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Takes all steps. @param pause lets other work run between them */
async function withPauses<Result>(steps: Generator<void, Result>, pause: () => Promise<void>): Promise<Result> {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}
