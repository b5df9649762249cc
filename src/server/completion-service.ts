import { setTimeout } from "node:timers/promises";
import {
  type CancellationToken,
  type Connection,
  type InlineCompletionItem,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import type { Edit } from "../completion/documents/edit.ts";
import { CompletionEngine } from "../completion/engine.ts";
import type { LocalMemory } from "../completion/memory/local-memory.ts";
import { isWritten } from "../corpus/files.ts";
import { messageOf } from "../errors.ts";
import type { LanguageModel } from "../model/language-model.ts";
import { Dismissals, type ShownSuggestions } from "./dismissals.ts";
import { editOf, isDeletion } from "./edits.ts";
import { type InlineAnswer, type InlineRequest, inlineCompletion } from "./inline-completion.ts";
import { type DismissParams, dismissNotification, type RefreshParams, refreshNotification } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { type Silence, silences } from "./silence.ts";
import { pathsOf } from "./uris.ts";

/** Milliseconds that a request may take which the user waits for; those that come with typing have the engine's budget. */
const manualBudget = 300;

/** Where more UTF-16 units come in at once, a document may have become one that is not learned, such as generated code. */
const mostWithoutDecision = 500;

/** Milliseconds after an edit in which no files are read: editors ask for a completion some 50 ms after the last key. */
const quietAfterEdit = 75;

export interface CompletionOptions {
  /** Gives the settings that count now. */
  readonly settings: () => Settings;
  /** Whether anything may be learned from a document, by its URI. */
  readonly mayLearn: (uri: string) => Promise<boolean>;
}

/** Answers a client's requests for inline completions: holds its documents, and what the user did in each of them last. */
export class CompletionService {
  readonly #connection: Connection;
  readonly #settings: () => Settings;
  readonly #mayLearn: (uri: string) => Promise<boolean>;
  readonly #documents = new TextDocuments({
    create: TextDocument.create,
    update: (document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number) =>
      this.#edit(document, changes, version),
  });
  /** The documents whose last edit was a deletion. */
  readonly #deleting = new Set<string>();
  readonly #dismissals = new Dismissals();
  /** The last attempt to find out whether a document is to be learned. */
  readonly #decisions = new Map<string, symbol>();
  /** The documents that are learned as they are written. */
  readonly #learned = new Set<string>();
  /** The last edit of each document that is learned. */
  readonly #edits = new Map<string, Edit>();
  /** How many requests came for each document. */
  readonly #requests = new Map<string, number>();
  #engine: CompletionEngine | undefined;
  #memory: LocalMemory | undefined;

  constructor(connection: Connection, { settings, mayLearn }: CompletionOptions) {
    this.#connection = connection;
    this.#settings = settings;
    this.#mayLearn = mayLearn;
  }

  /** Registers what is needed with the connection, before it listens. */
  listen(): void {
    const connection = this.#connection;
    connection.languages.inlineCompletion.on((params, token) => this.#complete(params, token));
    connection.onNotification(dismissNotification, ({ uri }: DismissParams) => this.#dismissals.dismiss(uri));
    this.#documents.onDidOpen(({ document }) => void this.#decide(document));
    this.#documents.onDidChangeContent(({ document }) => {
      this.#memory?.reader.yieldTo(setTimeout(quietAfterEdit, undefined, { ref: false }));
      const edit = this.#edits.get(document.uri);
      if (!this.#learned.has(document.uri)) this.#engine?.cancel(document.uri);
      else if (edit && lengthOf(edit) > mostWithoutDecision) void this.#decide(document);
      else void this.#learn(document);
    });
    this.#documents.onDidSave(({ document }) => {
      if (document.uri.endsWith("/.gitignore")) this.learn();
      else void this.#decide(document);
    });
    this.#documents.onDidClose(({ document: { uri } }) => {
      this.#engine?.close(uri);
      this.#dismissals.close(uri);
      for (const known of [this.#deleting, this.#decisions, this.#learned, this.#edits, this.#requests])
        known.delete(uri);
    });
    this.#documents.listen(connection);
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
    this.#engine = new CompletionEngine(model, { mixture, reader });
    for (const uri of this.#learned) {
      const document = this.#documents.get(uri);
      if (document) void this.#learn(document);
    }
  }

  /** Learns from no document any more, until {@link learn}; what was learned of them counts as known, and is not read again. */
  stopLearning(): void {
    this.#decisions.clear();
    this.#learned.clear();
    this.#engine?.stopLearning();
  }

  /** Learns from the documents from now on, as far as that is allowed. */
  learn(): void {
    for (const document of this.#documents.all()) void this.#decide(document);
  }

  /** Finds out whether a document is to be learned. Until that is known, it is not. */
  async #decide(document: TextDocument): Promise<void> {
    const { uri } = document;
    const decision = Symbol();
    this.#decisions.set(uri, decision);
    this.#learned.delete(uri);
    this.#edits.delete(uri);
    const mayLearn = isWritten(document.getText()) && (await this.#mayLearn(uri).catch(() => false));
    if (this.#decisions.get(uri) !== decision) return;
    const log = this.#connection.console;
    if (mayLearn) {
      this.#learned.add(uri);
      const isKnown = await this.#learn(document);
      if (isKnown && this.#decisions.get(uri) === decision) log.debug(`knows ${uri}, and learns it as it is written`);
    } else {
      this.#engine?.stopLearning(uri);
      log.debug(`learns nothing from ${uri}`);
    }
  }

  /** @returns whether it was learned to its end */
  async #learn(document: TextDocument): Promise<boolean> {
    const { uri } = document;
    try {
      await this.#engine?.update(uri, document.getText(), this.#edits.get(uri));
      return this.#engine !== undefined;
    } catch (error) {
      this.#connection.console.error(`${uri} was not learned: ${messageOf(error)}`);
      return false;
    }
  }

  #edit(document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number): TextDocument {
    const { uri } = document;
    const former = document.getText();
    // One by one: the range of each is one of the text after those before it.
    const replacements = changes.map((change) => {
      const range = "range" in change ? change.range : undefined;
      const replaced = document.getText(range);
      const offset = range ? Math.min(document.offsetAt(range.start), document.offsetAt(range.end)) : 0;
      TextDocument.update(document, [change], version);
      return { offset, former: replaced, text: change.text };
    });
    if (isDeletion(replacements)) this.#deleting.add(uri);
    else this.#deleting.delete(uri);
    if (this.#learned.has(uri)) this.#edits.set(uri, editOf(former, replacements));
    else this.#edits.delete(uri);
    return document;
  }

  async #complete(params: InlineCompletionParams, token: CancellationToken): Promise<InlineCompletionItem[]> {
    const { position, context } = params;
    const isManual = context.triggerKind === InlineCompletionTriggerKind.Invoked;
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
    if (!this.#settings().enabled) return nothing("off");
    if (!document) return nothing("not-open");
    if (!this.#engine) return nothing("no-model");
    if (isManual) this.#dismissals.lift(uri);
    else if (this.#deleting.has(uri)) return nothing("deleting");
    this.#dismissals.enter(uri, position.line);

    const request: InlineRequest = { document, position, selected: context.selectedCompletionInfo, isManual };
    const number = (this.#requests.get(uri) ?? 0) + 1;
    this.#requests.set(uri, number);
    const budget = isManual ? manualBudget : undefined;
    const answer = await inlineCompletion(this.#engine, request, this.#settings(), token, budget);
    if (answer.isPartial && !isManual) setImmediate(() => this.#decodeOn(request, number, answer.items[0]));
    if (answer.items.length === 0) return answer;
    const shown = asShown(document, answer.items);
    if (this.#dismissals.covers(uri, shown)) return nothing("dismissed");
    this.#dismissals.show(uri, shown);
    return answer;
  }

  /**
   * Goes on where time ran out, now that the editor has its answer, and tells it if there is more to show. The next keystroke or
   * request ends it.
   * @param number of the request, among those for the document
   */
  async #decodeOn(request: InlineRequest, number: number, answered: InlineCompletionItem | undefined): Promise<void> {
    const { document } = request;
    const { uri, version } = document;
    if (!this.#engine || this.#requests.get(uri) !== number) return;
    try {
      const noLimit = Number.POSITIVE_INFINITY;
      const { items } = await inlineCompletion(this.#engine, request, this.#settings(), undefined, noLimit);
      const [item] = items;
      if (!item || item.insertText === answered?.insertText) return;
      if (this.#requests.get(uri) !== number || this.#dismissals.covers(uri, asShown(document, items))) return;
      const params: RefreshParams = { uri, version };
      await this.#connection.sendNotification(refreshNotification, params);
    } catch (error) {
      this.#connection.console.error(`A suggestion was not decoded to its end: ${messageOf(error)}`);
    }
  }
}

/** How much an edit brought in, in UTF-16 units. */
function lengthOf({ spans }: Edit): number {
  return spans.reduce((sum, { from, to }) => sum + to - from, 0);
}

function nothing(silence: Silence): InlineAnswer {
  return { items: [], silence, isPartial: false };
}

/** Items that all begin at one place of a document, as a person sees them there. */
function asShown(document: TextDocument, items: readonly InlineCompletionItem[]): ShownSuggestions {
  const start = items[0]?.range?.start ?? { line: 0, character: 0 };
  const before = document.getText({ start: { line: start.line, character: 0 }, end: start });
  return { line: start.line, before, texts: items.map(({ insertText }) => textOf(insertText)) };
}

function textOf(insertText: InlineCompletionItem["insertText"]): string {
  return typeof insertText === "string" ? insertText : insertText.value;
}
