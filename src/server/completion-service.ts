import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import {
  type CancellationToken,
  type Connection,
  type InlineCompletionItem,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument, type TextDocumentContentChangeEvent } from "vscode-languageserver-textdocument";
import { CompletionEngine } from "../completion/engine.ts";
import type { LocalMemory } from "../completion/local-memory.ts";
import type { LanguageModel } from "../model/language-model.ts";
import { isLikelySecret } from "../training/files.ts";
import { Dismissals, type ShownSuggestions } from "./dismissals.ts";
import { isDeletion } from "./edits.ts";
import { type InlineAnswer, type InlineRequest, inlineCompletion } from "./inline-completion.ts";
import { type DismissParams, dismissNotification, type RefreshParams, refreshNotification } from "./protocol.ts";
import type { Settings } from "./settings.ts";
import { type Silence, silences } from "./silence.ts";

/** Milliseconds that a request may take which the user waits for; those that come with typing have the engine's budget. */
const manualBudget = 300;

/** Milliseconds after an edit in which no files are read: editors ask for a completion some 50 ms after the last key. */
const quietAfterEdit = 75;

/** Answers a client's requests for inline completions: holds its documents, and what the user did in each of them last. */
export class CompletionService {
  readonly #connection: Connection;
  readonly #settings: () => Settings;
  readonly #documents = new TextDocuments({
    create: TextDocument.create,
    update: (document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number) =>
      this.#edit(document, changes, version),
  });
  /** The documents whose last edit was a deletion. */
  readonly #deleting = new Set<string>();
  readonly #dismissals = new Dismissals();
  #engine: CompletionEngine | undefined;
  #memory: LocalMemory | undefined;

  /** @param settings gives those that count now */
  constructor(connection: Connection, settings: () => Settings) {
    this.#connection = connection;
    this.#settings = settings;
  }

  /** Registers what is needed with the connection, before it listens. */
  listen(): void {
    const connection = this.#connection;
    connection.languages.inlineCompletion.on((params, token) => this.#complete(params, token));
    connection.onNotification(dismissNotification, ({ uri }: DismissParams) => this.#dismissals.dismiss(uri));
    this.#documents.onDidChangeContent(({ document }) => {
      this.#memory?.reader.yieldTo(setTimeout(quietAfterEdit, undefined, { ref: false }));
      if (this.#settings().enabled) this.#engine?.update(document.uri, document.getText());
    });
    this.#documents.onDidClose(({ document }) => {
      const { uri } = document;
      this.#remember(document);
      this.#engine?.close(uri);
      this.#deleting.delete(uri);
      this.#dismissals.close(uri);
    });
    this.#documents.listen(connection);
  }

  /** What answers; undefined before there is a model. */
  get engine(): CompletionEngine | undefined {
    return this.#engine;
  }

  /** The paths of the files that are open. */
  get openPaths(): string[] {
    return this.#documents
      .keys()
      .filter(isFile)
      .map((uri) => fileURLToPath(uri));
  }

  /**
   * Answers from this model from now on, mixed with what the memory knows; that stays the same from the first call on.
   * @returns when nothing uses the former one any more
   */
  async use(model: LanguageModel, memory: LocalMemory | undefined): Promise<void> {
    this.rememberDocuments();
    if (this.#engine) await this.#engine.use(model);
    else {
      this.#memory = memory;
      const { mixture, reader } = memory ?? {};
      this.#engine = new CompletionEngine(model, { mixture, reader, isPrivate: isLikelySecret });
      if (this.#settings().enabled) this.#updateAll(this.#engine);
    }
  }

  #updateAll(engine: CompletionEngine): void {
    for (const document of this.#documents.all()) engine.update(document.uri, document.getText());
  }

  /** Tells the memory that it knows the open documents as they are, so that they are not read again as files. */
  rememberDocuments(): void {
    for (const document of this.#documents.all()) this.#remember(document);
  }

  #remember(document: TextDocument): void {
    if (this.#settings().enabled && !isLikelySecret(document.uri)) this.#memory?.reader.remember(document.getText());
  }

  #edit(document: TextDocument, changes: TextDocumentContentChangeEvent[], version: number): TextDocument {
    // One by one: the range of each is one of the text after those before it.
    const edit = changes.map((change) => {
      const former = document.getText("range" in change ? change.range : undefined);
      TextDocument.update(document, [change], version);
      return { former, text: change.text };
    });
    if (isDeletion(edit)) this.#deleting.add(document.uri);
    else this.#deleting.delete(document.uri);
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
    const { version } = document;
    const budget = isManual ? manualBudget : undefined;
    const answer = await inlineCompletion(this.#engine, request, this.#settings(), token, budget);
    if (answer.isPartial && !isManual) setImmediate(() => this.#decodeOn(request, version, answer.items[0]));
    if (answer.items.length === 0) return answer;
    const shown = asShown(document, answer.items);
    if (this.#dismissals.covers(uri, shown)) return nothing("dismissed");
    this.#dismissals.show(uri, shown);
    return answer;
  }

  /**
   * Goes on decoding where time ran out, now that the editor has its answer, and tells it if there is more to show. The
   * next keystroke ends it.
   */
  async #decodeOn(request: InlineRequest, version: number, answered: InlineCompletionItem | undefined): Promise<void> {
    const { document } = request;
    const { uri } = document;
    if (!this.#engine || document.version !== version) return;
    const { items } = await inlineCompletion(
      this.#engine,
      request,
      this.#settings(),
      undefined,
      Number.POSITIVE_INFINITY,
    );
    const [item] = items;
    if (!item || item.insertText === answered?.insertText) return;
    if (this.#dismissals.covers(uri, asShown(document, items))) return;
    const params: RefreshParams = { uri, version };
    await this.#connection.sendNotification(refreshNotification, params);
  }
}

function isFile(uri: string): boolean {
  return uri.startsWith("file:");
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
