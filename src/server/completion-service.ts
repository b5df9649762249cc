import { setTimeout } from "node:timers/promises";
import {
  type CancellationToken,
  type Connection,
  type InlineCompletionItem,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
  type TextDocumentContentChangeEvent,
  TextDocuments,
} from "vscode-languageserver";
import { type Edit, longestTyped } from "../completion/documents/edit.ts";
import { CompletionEngine } from "../completion/engine.ts";
import type { LocalMemory } from "../completion/memory/local-memory.ts";
import { isWritten } from "../corpus/files.ts";
import { publicLines } from "../corpus/learnable-text.ts";
import { messageOf } from "../errors.ts";
import type { LanguageModel } from "../model/language-model.ts";
import type { ShownSuggestions } from "./dismissals.ts";
import { type InlineAnswer, type InlineRequest, inlineCompletion } from "./inline-completion.ts";
import { Notebooks } from "./notebooks.ts";
import { type DismissParams, dismissNotification, type RefreshParams, refreshNotification } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { type Silence, silences } from "./silence.ts";
import { TrackedDocument } from "./tracked-document.ts";
import { pathsOf } from "./uris.ts";
import type { DocumentEvent } from "./watched-files.ts";

/**
 * Milliseconds that a request may take which the user waits for, or whose answer is the only one because the client does not
 * request again.
 */
const patientBudget = 300;

/** Milliseconds from a keystroke to its answer; the learning of the keystroke comes first. */
const answerTime = 10;

/** Of these, what the last step of the network and the answer's way out may take. */
const timeToAnswer = 2.5;

/** A request that comes later than this after an edit comes from an editor that waits before it asks: its time begins anew. */
const longestWay = 25;

/** Milliseconds after an answer in which nothing is decoded, so that it is sent first. */
const pauseAfterAnswer = 2;

/** Milliseconds after an edit in which no files are read: editors ask for a completion some 50 ms after the last key. */
const quietAfterEdit = 75;

export interface CompletionOptions {
  /** Gives the settings that count now. */
  readonly settings: () => Settings;
  /** Whether anything may be learned from a document, by its URI. */
  readonly mayLearn: (uri: string) => Promise<boolean>;
  /** Is told what was done with a document, by its URI, after it was learned. */
  readonly onDocument: (event: DocumentEvent, uri: string) => void;
  /** Whether nothing is suggested in a document, by its URI. */
  readonly isExcluded: (uri: string) => boolean;
  /** Whether the client can be told to request again when there is more to suggest. */
  readonly canRefresh: boolean;
}

/** Answers a client's requests for inline completions: holds its documents, and what the user did in each of them last. */
export class CompletionService {
  readonly #connection: Connection;
  readonly #options: CompletionOptions;
  readonly #documents = new TextDocuments({
    create: (uri, languageId, version, text) => new TrackedDocument(uri, languageId, version, text),
    update: (document: TrackedDocument, changes: TextDocumentContentChangeEvent[], version) => {
      document.update(changes, version);
      return document;
    },
  });
  readonly #notebooks = new Notebooks(this.#documents);
  #engine: CompletionEngine | undefined;
  #memory: LocalMemory | undefined;

  constructor(connection: Connection, options: CompletionOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Registers what is needed with the connection, before it listens. */
  listen(): void {
    const connection = this.#connection;
    connection.languages.inlineCompletion.on((params, token) => this.#complete(params, token));
    connection.onNotification(dismissNotification, ({ uri }: DismissParams) =>
      this.#documents.get(uri)?.dismissals.dismiss(),
    );
    this.#documents.onDidOpen(({ document }) => {
      void this.#decideLater(document);
      this.#options.onDocument("opened", document.uri);
    });
    this.#documents.onDidChangeContent(({ document }) => {
      this.#beQuiet();
      const { uri, text, edit } = document;
      if (!document.isLearned) this.#engine?.see(uri, text, edit);
      // By more than was typed it may have become a document that is not learned, such as generated code.
      else if (edit && lengthOf(edit) > longestTyped) void this.#decide(document);
      else void this.#learn(document);
      this.#options.onDocument("changed", uri);
    });
    this.#documents.onDidSave(({ document }) => {
      if (document.uri.endsWith("/.gitignore")) this.learn();
      else {
        this.#beQuiet();
        void this.#engine?.settle(document.uri);
        void this.#decideLater(document);
      }
      this.#options.onDocument("saved", document.uri);
    });
    this.#documents.onDidClose(({ document }) => {
      document.decision = undefined;
      void this.#engine?.close(document.uri);
      this.#options.onDocument("closed", document.uri);
    });
    this.#documents.listen(connection);
    this.#notebooks.listen(connection);
  }

  /** Lets the requests of the next moment go before what is read. */
  #beQuiet(): void {
    this.#memory?.reader.yieldTo(setTimeout(quietAfterEdit, undefined, { ref: false }));
  }

  /** What answers; undefined before there is a model. */
  get engine(): CompletionEngine | undefined {
    return this.#engine;
  }

  /** The paths of the files that are open. */
  get openPaths(): string[] {
    return pathsOf(this.#documents.keys());
  }

  /**
   * Answers from this model from now on, mixed with what the memory knows; that stays the same from the first call on.
   * @returns when nothing uses the former one any more
   */
  async use(model: LanguageModel, memory: LocalMemory | undefined): Promise<void> {
    if (this.#engine) return await this.#engine.use(model);
    this.#memory = memory;
    const { mixture, reader } = memory ?? {};
    this.#engine = new CompletionEngine(model, { mixture, reader, filter: publicLines });
    for (const document of this.#documents.all()) {
      if (document.isLearned) void this.#learn(document);
      else this.#engine.see(document.uri, document.text);
    }
  }

  /** Learns from no document any more, until {@link learn}; what was learned of them counts as known, and is not read again. */
  stopLearning(): void {
    for (const document of this.#documents.all()) {
      document.decision = undefined;
      document.isLearned = false;
    }
    this.#engine?.stopLearning();
  }

  /** Learns from the documents from now on, as far as that is allowed. */
  learn(): void {
    for (const document of this.#documents.all()) void this.#decide(document);
  }

  /**
   * Decides when whoever has opened or saved a document, and types on at once, has had an answer: a look at all of a long text
   * takes some milliseconds.
   */
  async #decideLater(document: TrackedDocument): Promise<void> {
    const decision = Symbol();
    document.decision = decision;
    await setTimeout(quietAfterEdit, undefined, { ref: false });
    if (document.decision === decision) await this.#decide(document);
  }

  /** Finds out whether a document is to be learned. Until that is known, it is not. */
  async #decide(document: TrackedDocument): Promise<void> {
    const { uri, text } = document;
    const decision = Symbol();
    document.decision = decision;
    document.isLearned = false;
    this.#engine?.see(uri, text, document.edit);
    const mayLearn = isWritten(text.toString()) && (await this.#options.mayLearn(uri).catch(() => false));
    if (document.decision !== decision) return;
    const log = this.#connection.console;
    if (mayLearn) {
      document.isLearned = true;
      const isKnown = await this.#learn(document);
      if (isKnown && document.decision === decision) log.debug(`knows ${uri}, and learns it as it is written`);
    } else {
      // Where completions are off everywhere, what is known waits until they are on again.
      if (this.#options.settings().enabled) await this.#engine?.unlearn(uri);
      log.debug(`learns nothing from ${uri}`);
    }
  }

  /** @returns whether it was learned to its end */
  async #learn({ uri, text, edit }: TrackedDocument): Promise<boolean> {
    try {
      await this.#engine?.update(uri, text, edit);
      return this.#engine !== undefined;
    } catch (error) {
      this.#connection.console.error(`${uri} was not learned: ${messageOf(error)}`);
      return false;
    }
  }

  async #complete(params: InlineCompletionParams, token: CancellationToken): Promise<InlineCompletionItem[]> {
    const { position, context } = params;
    // LSP requires a context, but not every client sends one.
    const isManual = context?.triggerKind === InlineCompletionTriggerKind.Invoked;
    const { items, silence } = await this.#answer(params, isManual, token);
    if (silence) {
      const place = `${position.line + 1}:${position.character + 1}`;
      this.#connection.console.debug(`nothing at ${place}: ${silences[silence]}`);
    }
    return [...items];
  }

  async #answer(
    { textDocument: { uri }, position, context }: InlineCompletionParams,
    isManual: boolean,
    token: CancellationToken,
  ): Promise<InlineAnswer> {
    const document = this.#documents.get(uri);
    const { settings, isExcluded, canRefresh } = this.#options;
    if (!settings().enabled) return nothing("off");
    if (!document) return nothing("not-open");
    if (isExcluded(uri)) return nothing("excluded");
    if (!this.#engine) return nothing("no-model");
    const { dismissals } = document;
    if (isManual) dismissals.lift();
    else if (document.isDeleting) return nothing("deleting");
    dismissals.enter(position.line);

    const request: InlineRequest = { document, position, selected: context?.selectedCompletionInfo, isManual };
    const number = ++document.requests;
    this.#engine.precede(uri, this.#notebooks.before(document));
    const isPatient = isManual || !canRefresh;
    const budget = isPatient ? patientBudget : typingBudget(document);
    const answer = await inlineCompletion(this.#engine, request, settings(), token, budget);
    if (answer.isPartial && !isPatient) void this.#decodeOn(document, request, number, answer.items[0]);
    if (answer.items.length === 0) return answer;
    const shown = asShown(document, answer.items);
    if (dismissals.covers(shown)) return nothing("dismissed");
    dismissals.show(shown);
    return answer;
  }

  /**
   * Goes on where time ran out, now that the editor has its answer, and tells it if there is more to show. The next keystroke or
   * request ends it.
   * @param number of the request, among those for the document
   */
  async #decodeOn(
    document: TrackedDocument,
    request: InlineRequest,
    number: number,
    answered: InlineCompletionItem | undefined,
  ): Promise<void> {
    const { uri, version } = document;
    await setTimeout(pauseAfterAnswer);
    if (!this.#engine || document.requests !== number || document.version !== version) return;
    try {
      const noLimit = Number.POSITIVE_INFINITY;
      const { items } = await inlineCompletion(this.#engine, request, this.#options.settings(), undefined, noLimit);
      const [item] = items;
      if (!item || item.insertText === answered?.insertText) return;
      if (document.requests !== number || document.dismissals.covers(asShown(document, items))) return;
      const params: RefreshParams = { uri, version };
      await this.#connection.sendNotification(refreshNotification, params);
    } catch (error) {
      this.#connection.console.error(`A suggestion was not decoded to its end: ${messageOf(error)}`);
    }
  }
}

/** Milliseconds that a request may take which comes with typing: right after an edit, what is left since the edit came. */
function typingBudget({ changedAt }: TrackedDocument): number {
  const passed = performance.now() - changedAt;
  return Math.max(0, answerTime - timeToAnswer - (passed < longestWay ? passed : 0));
}

/** How much an edit brought in, in UTF-16 units. */
function lengthOf({ changes }: Edit): number {
  return changes.reduce((sum, { added }) => sum + added.to - added.from, 0);
}

function nothing(silence: Silence): InlineAnswer {
  return { items: [], silence, isPartial: false };
}

/** Items that all begin at one place of a document, as a person sees them there. */
function asShown({ text }: TrackedDocument, items: readonly InlineCompletionItem[]): ShownSuggestions {
  const start = items[0]?.range?.start ?? { line: 0, character: 0 };
  const before = text.slice(text.offsetAt({ line: start.line, character: 0 }), text.offsetAt(start));
  return { line: start.line, before, texts: items.map(({ insertText }) => textOf(insertText)) };
}

function textOf(insertText: InlineCompletionItem["insertText"]): string {
  return typeof insertText === "string" ? insertText : insertText.value;
}
