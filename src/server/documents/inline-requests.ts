import { setTimeout } from "node:timers/promises";
import {
  type CancellationToken,
  type Connection,
  type InlineCompletionItem,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
} from "vscode-languageserver";
import type { CompletionEngine } from "../../completion/engine.ts";
import { messageOf } from "../../errors.ts";
import {
  type ExplainParams,
  explainRequest,
  type RefreshParams,
  type RequestDetails,
  refreshNotification,
} from "../protocol.ts";
import type { Settings } from "../settings.ts";
import { AnswerTime } from "./answer-time.ts";
import { isCommitBox } from "./commit-boxes.ts";
import { closeCursors, inlineCompletionAtAll } from "./cursors.ts";
import type { ShownSuggestions } from "./dismissals.ts";
import type { Enablement } from "./enablement.ts";
import { explainSuggestion } from "./explain-suggestion.ts";
import { type InlineAnswer, type InlineRequest, inlineCompletion } from "./inline-completion.ts";
import { refusalIn } from "./refusal.ts";
import { settingsAt } from "./settings-at.ts";
import { type ServerSilence, serverSilences } from "./silence.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/** Milliseconds allowed for a request that the user waits for, or whose client does not request again. */
const patientBudget = 300;

/** Milliseconds to wait before decoding continues, so that the answer is sent first. */
const pauseAfterAnswer = 2;

export interface InlineRequestsOptions {
  /** Returns an open document by its URI. */
  readonly document: (uri: string) => TrackedDocument | undefined;
  /** Returns the text that precedes a document: for a cell of a notebook, the code of the cells before it. */
  readonly before: (document: TrackedDocument) => string;
  /** Returns the engine; undefined until there is a model. */
  readonly engine: () => CompletionEngine | undefined;
  /** Returns the current settings. */
  readonly settings: () => Settings;
  readonly enablement: Enablement;
  /** Whether nothing is suggested in a document, given its URI. */
  readonly isExcluded: (uri: string) => boolean;
  /** Whether the client requests again when it is notified that there is more to suggest. */
  readonly canRefresh: boolean;
}

type DetailedParams = InlineCompletionParams & RequestDetails;

/** Answers a client's requests for inline completions, each within its budget of time. */
export class InlineRequests {
  readonly #connection: Connection;
  readonly #options: InlineRequestsOptions;
  readonly #answerTime = new AnswerTime();
  #hasAsked = false;

  constructor(connection: Connection, options: InlineRequestsOptions) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Whether the engine was asked for a suggestion. */
  get hasAsked(): boolean {
    return this.#hasAsked;
  }

  /** Registers the requests' handlers with the connection, before it listens. */
  listen(): void {
    this.#connection.languages.inlineCompletion.on((params, token) => this.#complete(params, token));
    this.#connection.onRequest(explainRequest, (params: ExplainParams, token: CancellationToken) =>
      explainSuggestion(params, this.#options, token),
    );
  }

  async #complete(params: DetailedParams, token: CancellationToken): Promise<InlineCompletionItem[]> {
    const { position, context } = params;
    // LSP requires a context, but not every client sends one.
    const isManual = context?.triggerKind === InlineCompletionTriggerKind.Invoked;
    const { items, silence } = await this.#answer(params, isManual, token);
    if (!isManual && items.length > 0 && !(await this.#pause(params.textDocument.uri, token))) return [];
    this.#count(params, items);
    if (silence) {
      const place = `${position.line + 1}:${position.character + 1}`;
      this.#connection.console.debug(`nothing at ${place}: ${serverSilences[silence]}`);
    }
    return [...items];
  }

  /** The best suggestion is the one that the editor shows. */
  #count({ textDocument: { uri }, position }: InlineCompletionParams, [item]: readonly InlineCompletionItem[]): void {
    const document = this.#options.document(uri);
    if (!document || !item) return;
    const offset = document.text.offsetAt(position);
    const before = offset - (item.range ? document.text.offsetAt(item.range.start) : offset);
    const text = textOf(item.insertText);
    document.statistics.show(offset, text.slice(before), text.slice(0, before));
  }

  /** Waits until the delay since the last edit has passed. @returns whether nothing was typed meanwhile */
  async #pause(uri: string, token: CancellationToken): Promise<boolean> {
    const document = this.#options.document(uri);
    if (!document) return false;
    const { version, changedAt } = document;
    const left = changedAt + this.#options.settings().delay - performance.now();
    if (left <= 0) return true;
    await setTimeout(left);
    return document.version === version && !token.isCancellationRequested;
  }

  async #answer(
    { textDocument: { uri }, position, context, otherCursors = [], isLast = false }: DetailedParams,
    isManual: boolean,
    token: CancellationToken,
  ): Promise<InlineAnswer> {
    const { settings, canRefresh, before } = this.#options;
    const document = this.#options.document(uri);
    const version = document?.version;
    const refusal = await refusalIn(document, this.#options);
    const engine = this.#options.engine();
    if (refusal || !document || !engine) return nothing(refusal ?? "no-model");
    if (document.version !== version || token.isCancellationRequested) return nothing("cancelled");
    const settingsThere = isManual ? settings() : settingsAt(document, position, settings());
    if (!settingsThere) return nothing("scope");
    const { dismissals } = document;
    if (isManual) dismissals.lift();
    else if (document.isDeleting) return nothing("deleting");
    dismissals.enter(position.line);

    const request: InlineRequest = { document, position, selected: context?.selectedCompletionInfo, isManual };
    const number = ++document.requests;
    this.#hasAsked = true;
    if (document.hasCursors && otherCursors.length === 0) closeCursors(engine, uri);
    document.hasCursors = otherCursors.length > 0;
    engine.precede(uri, before(document));
    // Several cursors have to be answered together, and no editor asks again for a box that is not in an editor of its own.
    const isPatient = isManual || !canRefresh || isLast || otherCursors.length > 0 || isCommitBox(uri);
    const begun = performance.now();
    const budget = isPatient ? patientBudget : this.#answerTime.budget(begun - document.changedAt);
    const atAll = { ...request, others: otherCursors, before: before(document) };
    const answer =
      otherCursors.length > 0
        ? await inlineCompletionAtAll(engine, atAll, settingsThere, token, budget)
        : await inlineCompletion(engine, request, settingsThere, token, budget);
    if (answer.isPartial && !isPatient) {
      this.#answerTime.ranOut(budget, performance.now() - begun);
      void this.#decodeOn(document, request, number, { settings: settingsThere, item: answer.items[0] });
    }
    if (answer.items.length === 0) return answer;
    const shown = asShown(document, answer.items);
    if (dismissals.covers(shown)) return nothing("dismissed");
    dismissals.show(shown);
    return answer;
  }

  /**
   * Continues a suggestion that ran out of time, after the editor has its answer, and notifies the editor if there is more to show.
   * The next keystroke or request ends this.
   * @param number the request's number among those for the document
   */
  async #decodeOn(
    document: TrackedDocument,
    request: InlineRequest,
    number: number,
    answered: { readonly settings: Settings; readonly item: InlineCompletionItem | undefined },
  ): Promise<void> {
    const { uri, version } = document;
    await setTimeout(pauseAfterAnswer);
    const engine = this.#options.engine();
    // The document may have been closed, and even opened again.
    const isCurrent = (): boolean =>
      this.#options.document(uri) === document && document.requests === number && document.version === version;
    if (!engine || !isCurrent()) return;
    try {
      const noLimit = Number.POSITIVE_INFINITY;
      const { items } = await inlineCompletion(engine, request, answered.settings, undefined, noLimit);
      const [item] = items;
      if (!item || item.insertText === answered.item?.insertText) return;
      if (!isCurrent() || document.dismissals.covers(asShown(document, items))) return;
      const params: RefreshParams = { uri, version };
      await this.#connection.sendNotification(refreshNotification, params);
    } catch (error) {
      this.#connection.console.error(`A suggestion could not be completed: ${messageOf(error)}`);
    }
  }
}

function nothing(silence: ServerSilence): InlineAnswer {
  return { items: [], silence, isPartial: false };
}

/** Items that all begin at one position, as the user sees them in the document. */
function asShown({ text }: TrackedDocument, items: readonly InlineCompletionItem[]): ShownSuggestions {
  const start = items[0]?.range?.start ?? { line: 0, character: 0 };
  const before = text.slice(text.offsetAt({ line: start.line, character: 0 }), text.offsetAt(start));
  return { line: start.line, before, texts: items.map(({ insertText }) => textOf(insertText)) };
}

function textOf(insertText: InlineCompletionItem["insertText"]): string {
  return typeof insertText === "string" ? insertText : insertText.value;
}
