import { setImmediate, setTimeout } from "node:timers/promises";
import type { Connection } from "vscode-languageserver";
import type { DocumentText } from "../../completion/documents/document-text.ts";
import { type Edit, longestTyped } from "../../completion/documents/edit.ts";
import type { CompletionEngine } from "../../completion/engine.ts";
import { isWritten } from "../../corpus/files.ts";
import { messageOf } from "../../errors.ts";
import { notebookOf } from "../../uris.ts";
import { exclusiveQueue } from "../exclusive.ts";
import type { Settings } from "../settings.ts";
import type { Enablement } from "./enablement.ts";
import { isNotebookText } from "./learnable.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/**
 * Milliseconds before a document that was just opened or saved is judged. Judging a long text takes some milliseconds, and the user
 * may already be typing: the first answers go first.
 */
const judgementDelay = 75;

/** The most UTF-16 units that a key inserts or deletes: a bracket with the one that closes it, or a character outside the basic plane. */
const longestKey = 2;

export interface DocumentLearningOptions {
  readonly log: Pick<Connection["console"], "debug" | "error">;
  /** Returns the current settings. */
  readonly settings: () => Settings;
  readonly enablement: Enablement;
  /** Whether Murmur may learn from a document in which completions are on, given its URI. */
  readonly mayLearn: (uri: string) => Promise<boolean>;
  /** Returns the engine; undefined until there is a model. */
  readonly engine: () => CompletionEngine | undefined;
}

/** Decides which open documents are learned, and has the engine learn their edits. */
export class DocumentLearning {
  readonly #options: DocumentLearningOptions;
  readonly #oneAtATime = exclusiveQueue();
  /** Whether texts are written by hand, as far as they were judged. */
  readonly #written = new WeakMap<DocumentText, boolean>();

  constructor(options: DocumentLearningOptions) {
    this.#options = options;
  }

  /** Starts using a document in a new engine. */
  enter(document: TrackedDocument): void {
    if (document.isLearned) void this.#learn(document);
    else this.#options.engine()?.see(document.uri, document.text);
  }

  /** Handles the last edit of a document. */
  change(document: TrackedDocument): void {
    const { uri, text, edit } = document;
    // What is typed at several cursors is learned with the next other edit, or when it is saved: until then its lines are unfinished, and
    // would say of each other that they end where they are.
    if (!document.isLearned || (edit && isAtCursors(text, edit))) this.#options.engine()?.see(uri, text, edit);
    // An edit larger than typing makes may have turned the document into one that is not learned, such as generated code.
    else if (edit && lengthOf(edit) > longestTyped) void this.decide(document);
    else void this.#learn(document);
  }

  /** Stops learning a document until it is decided again. */
  stop(document: TrackedDocument): void {
    document.decision = undefined;
    document.isLearned = false;
  }

  /** Decides whether to learn a document, after the requests that usually follow opening or saving it. */
  async decideLater(document: TrackedDocument): Promise<void> {
    const decision = Symbol();
    document.decision = decision;
    await setTimeout(judgementDelay, undefined, { ref: false });
    if (document.decision === decision) await this.decide(document);
  }

  /** Decides whether to learn a document. Nothing is learned from it until the decision is made. */
  async decide(document: TrackedDocument): Promise<void> {
    const { log, settings, mayLearn, enablement } = this.#options;
    const { uri, text, edit } = document;
    const decision = Symbol();
    document.decision = decision;
    document.isLearned = false;
    this.#options.engine()?.see(uri, text, edit);
    const isOn = enablement.ask(document);
    const isAllowed =
      (await mayLearn(uri).catch(() => false)) && (await isOn) && (await this.#isWritten(document.text));
    if (document.decision !== decision) return;
    if (isAllowed) {
      document.isLearned = true;
      // The cells of a notebook are learned instead of its file, and not beside it.
      const notebook = notebookOf(uri);
      if (notebook !== undefined) void this.#options.engine()?.unlearn(notebook);
      const isKnown = await this.#learn(document);
      if (isKnown && document.decision === decision) log.debug(`knows ${uri}, and learns it as it is written`);
    } else {
      // While completions are off everywhere, what is known stays until they are on again. What is known of a notebook was read from
      // the cells in its file, and opening the file as text does not change that.
      if (settings().enabled && !isNotebookText(uri)) await this.#options.engine()?.unlearn(uri);
      log.debug(`learns nothing from ${uri}`);
    }
  }

  /**
   * Judges a text, unless it was judged before. This takes some milliseconds for a long text, and a change of the settings concerns all
   * open documents, so other work runs between any two.
   */
  async #isWritten(text: DocumentText): Promise<boolean> {
    const known = this.#written.get(text);
    if (known !== undefined) return known;
    return await this.#oneAtATime(async () => {
      await setImmediate();
      const is = isWritten(text.toString());
      this.#written.set(text, is);
      return is;
    });
  }

  /** @returns whether the whole text was learned */
  async #learn({ uri, text, edit }: TrackedDocument): Promise<boolean> {
    const engine = this.#options.engine();
    try {
      await engine?.update(uri, text, edit);
      return engine !== undefined;
    } catch (error) {
      this.#options.log.error(`${uri} could not be learned: ${messageOf(error)}`);
      return false;
    }
  }
}

/** Whether an edit is a key that was pressed at several cursors: all insert the same, or all delete. */
function isAtCursors(text: DocumentText, { changes }: Edit): boolean {
  if (changes.length < 2) return false;
  const added = changes.map((change) => text.slice(change.added.from, change.added.to));
  const removed = changes.map((change) => change.removed.to - change.removed.from);
  const isInsertion = removed.every((length) => length === 0) && new Set(added).size === 1;
  const isDeletion = added.every((one) => one === "") && removed.every((length) => length <= longestKey);
  return isDeletion || (isInsertion && (added[0] ?? "").length <= longestKey);
}

/** The number of UTF-16 units that an edit added. */
function lengthOf({ changes }: Edit): number {
  return changes.reduce((sum, { added }) => sum + added.to - added.from, 0);
}
