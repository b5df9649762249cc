import type { NamedText } from "../languages.ts";
import type { Network } from "../model/language-model.ts";
import type { Explanation } from "./decoding/explain.ts";
import type { DocumentText } from "./documents/document-text.ts";
import type { Edit } from "./documents/edit.ts";
import { type LearningFilter, lookBack } from "./documents/learning-filter.ts";
import type { LearnedLine } from "./memory/learned-line.ts";
import { Rehearsal } from "./memory/rehearsal.ts";
import { textName } from "./memory/text-name.ts";
import { type ReadOptions, TextReader } from "./memory/text-reader.ts";
import { OpenDocument } from "./open-document.ts";
import type { Mixture } from "./prediction/mixture.ts";
import type { Sources } from "./prediction/predictor.ts";
import type { Answer, CompletionSettings } from "./suggestion.ts";

export type { Explanation } from "./decoding/explain.ts";
export { type Answer, type Silence, silences } from "./suggestion.ts";

/**
 * Milliseconds after which a text that was not edited counts as settled although it is not saved. An experiment is usually undone
 * sooner, and taking back a settled text costs no more than reading its file again.
 */
const standing = 5 * 60 * 1000;

export interface EngineOptions {
  /**
   * Time limit of a request in milliseconds. When it is over, the request answers with what it has, after at most one more run of
   * the network. Infinity: no limit.
   */
  readonly budget?: number;
  /** A clock in milliseconds. It limits requests, and says how long a text has stood. */
  readonly now?: () => number;
  /** Number of documents whose states are kept. The states of the least recently used documents are dropped first. */
  readonly documents?: number;
  /** The local model and its mixing weights. Without it, or with a network that does not read bytes, the network predicts alone. */
  readonly mixture?: Mixture | undefined;
  /** The reader of texts into the mixture, if there is one already. */
  readonly reader?: TextReader | undefined;
  /** Decides what may be learned from documents, and suggested in them. Default: everything. */
  readonly filter?: LearningFilter | undefined;
  /** Returns VS Code's identifier of an open document's language, given its URI. Default: languages go by name. */
  readonly languageIdOf?: ((uri: string) => string | undefined) | undefined;
}

/** The place and the kind of a suggestion. */
export interface SuggestionRequest extends CompletionSettings {
  readonly uri: string;
  /**
   * The text to complete: the document's own, or one that it may become, such as its text with the selected item of the editor's
   * list. A string is compared with the document's own text, which takes time proportional to its length.
   */
  readonly text: DocumentText | string;
  /** Position of the cursor in UTF-16 units. A position past the end means the end. */
  readonly offset: number;
  /** Time limit of this request in milliseconds. Default: the engine's. */
  readonly budget?: number | undefined;
  /** Aborting it ends the request within one run of the network, with the answer "cancelled". */
  readonly signal?: AbortSignal | undefined;
}

/** Suggests completions in open documents, from one model. Keeps the states along each document between keystrokes. */
export class CompletionEngine {
  #model: Network;
  readonly #options: Required<Omit<EngineOptions, "mixture" | "reader" | "filter" | "languageIdOf">>;
  readonly #mixture: Mixture | undefined;
  readonly #reader: TextReader | undefined;
  readonly #filter: LearningFilter | undefined;
  readonly #languageIdOf: EngineOptions["languageIdOf"];
  /** By uri, least recently used first. */
  readonly #documents = new Map<string, OpenDocument>();
  /** The closed documents whose last text is still being read. */
  readonly #closing = new Set<OpenDocument>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(model: Network, options: EngineOptions = {}) {
    this.#model = model;
    const { mixture, reader, filter, languageIdOf, ...others } = options;
    this.#options = {
      budget: 10,
      now: () => performance.now(),
      documents: 32,
      ...others,
    };
    this.#mixture = mixture;
    this.#reader = mixture && (reader ?? new TextReader(mixture));
    this.#filter = filter;
    this.#languageIdOf = languageIdOf;
  }

  /** The current model. */
  get model(): Network {
    return this.#model;
  }

  /**
   * Takes the new text of a document that was opened or edited. Call it as soon as the text is known: work on the older text
   * stops. Learns nothing from the text.
   * @param text a string is compared with the previous text, which takes time proportional to its length
   * @param edit how the text became this one; without it the texts are compared, except the parts that they share
   */
  see(uri: string, text: DocumentText | string, edit?: Edit): void {
    const document = this.#open(uri);
    document.update(sharing(document, text), edit);
  }

  /**
   * Takes the text before a document's own, such as the previous cells of a notebook. It affects predictions and is not learned.
   * @param before empty, or whole lines; at most its last thousand characters are read
   */
  precede(uri: string, before: string): void {
    this.#open(uri).precede(before);
  }

  /**
   * Takes a document's new text as {@link see} does, and learns what was added. Learns all of it the first time. Settles the open
   * documents whose text has stood for five minutes.
   * @returns when everything is learned, including what is read in the background
   */
  async update(uri: string, text: DocumentText | string, edit?: Edit): Promise<void> {
    this.see(uri, text, edit);
    if (!this.#reader) return;
    const now = this.#options.now();
    // While nobody edits, nothing depends on whether a text has settled, so this needs no timer.
    const settled = [...this.#documents.values()].map((document) => document.settleStanding(now - standing));
    const learned = this.#documents.get(uri)?.learn(edit, now, this.#reader, this.#filter);
    await Promise.all([learned, ...settled]);
  }

  /**
   * The suggestion at a position, or the reason for none. A request ends the previous one in the same document. While the user
   * types through a suggestion, the answer is the rest of it, at no cost. A request changes neither the document's text, which
   * comes from {@link see} and {@link update}, nor what was learned. A text that is not the document's own is completed
   * separately.
   *
   * A request that is cancelled or out of time does not throw: its answer says so.
   * @throws ONNX Runtime's Error if the network fails to run, such as for lack of memory. The engine stays usable: the document,
   *   its states and what was learned are as before.
   */
  async suggest({ uri, text, offset, signal, budget, ...settings }: SuggestionRequest): Promise<Answer> {
    const document = this.#open(uri);
    document.cancel();
    const asked = sharing(document, text);
    const answer = document
      .withText(asked)
      .suggest(clamp(offset, asked), settings, () => this.#startClock(budget), signal);
    this.#reader?.yieldTo(answer);
    return this.#allowed(await this.#track(answer), this.#mayFollow(asked, offset));
  }

  /**
   * Explains the suggestion at a position, or why there is none, as if the user had not asked for one. It takes as long as it needs, and
   * changes what {@link suggest} changes.
   * @throws as {@link suggest}
   */
  async explain({ uri, text, offset, signal, budget, ...settings }: SuggestionRequest): Promise<Explanation> {
    const document = this.#open(uri);
    document.cancel();
    const asked = sharing(document, text);
    const explanation = document.withText(asked).explain(clamp(offset, asked), settings, signal);
    this.#reader?.yieldTo(explanation);
    return this.#allowedPart(await this.#track(explanation), this.#mayFollow(asked, offset));
  }

  /** The line of a known text at a position of the local model's history; undefined if it is unknown. */
  lineAt(position: number): LearnedLine | undefined {
    return this.#reader?.lineAt(position);
  }

  /**
   * Reads a text, such as a file of the workspace, into the local model in the background.
   * @returns whether it was new
   * @throws the signal's reason if it is aborted
   */
  async read(text: string, options?: ReadOptions): Promise<boolean> {
    return (await this.#reader?.read(text, options)) ?? false;
  }

  /**
   * Begins to read texts as {@link read} does, and to learn from them how far to trust each source. It is slow, and worthwhile for some
   * tens of thousands of characters after the rest of the workspace was read.
   * @returns undefined if the network is not mixed with what was read
   */
  rehearsal(): Rehearsal | undefined {
    return this.#reader && this.#sources.mixture && new Rehearsal(this.#reader, this.#model);
  }

  /** Settles what was learned from a document, such as when it is saved: it counts as the document's known text. */
  async settle(uri: string): Promise<void> {
    await this.#documents.get(uri)?.settle();
  }

  /** Stops learning from all documents, each until its next {@link update}. What was learned counts as known. */
  stopLearning(): void {
    for (const document of [...this.#documents.values(), ...this.#closing]) void document.stopLearning();
  }

  /** Stops learning from a document, and takes back everything that was learned from it. @returns when that is done */
  async unlearn(uri: string): Promise<void> {
    await this.#forget(uri, this.#documents.get(uri));
  }

  /**
   * Closes a document. What was learned from a file counts as known; reading the file again takes back what was not saved.
   * Everything learned from a document that is not a file is taken back.
   * @returns when that is done
   */
  async close(uri: string): Promise<void> {
    const document = this.#documents.get(uri);
    document?.cancel();
    this.#documents.delete(uri);
    if (textName(uri) === uri) return await this.#forget(uri, document);
    if (!document) return;
    this.#closing.add(document);
    await document.finishLearning().finally(() => this.#closing.delete(document));
  }

  /** Takes back what was learned of a document. Learning that begins meanwhile waits for this. */
  async #forget(uri: string, document: OpenDocument | undefined): Promise<void> {
    // It is settled first, so that all of it is known by its name.
    await Promise.all([document?.stopLearning(), this.#reader?.forget(textName(uri))]);
  }

  /**
   * Answers from another model from now on. Running requests end as "cancelled", and all states are dropped.
   * @returns when nothing uses the former model any more, so that its owner can release it
   */
  async use(model: Network): Promise<void> {
    this.#model = model;
    for (const document of this.#documents.values()) document.use(this.#sources);
    await Promise.allSettled(this.#running);
  }

  #open(uri: string): OpenDocument {
    const document = this.#documents.get(uri) ?? new OpenDocument(this.#sources, uri);
    this.#documents.delete(uri);
    this.#documents.set(uri, document);
    const outdated = this.#documents.size - this.#options.documents - 1;
    if (outdated >= 0) [...this.#documents.values()][outdated]?.forgetStates();
    return document;
  }

  get #sources(): Sources {
    const readsBytes = this.#model.tokenizer.kind === "byte";
    return {
      model: this.#model,
      mixture: readsBytes ? this.#mixture : undefined,
      textAt: (position) => this.#textAt(position),
      knownTexts: () => (this.#reader?.texts ?? []).map((text) => this.#named(text)),
      languageIdOf: this.#languageIdOf,
    };
  }

  /** The text at a position of the local model's history. That of a document without a file has the document's language. */
  #textAt(position: number): NamedText | undefined {
    const text = this.#reader?.textAt(position);
    return text && this.#named(text);
  }

  #named({ name, languageId }: NamedText): NamedText {
    return { name, languageId: languageId ?? this.#languageIdOf?.(name) };
  }

  /**
   * Which texts may be suggested at an offset: those whose lines may be learned there. A model that was trained elsewhere, or before there
   * was a filter, may know others. Takes some 50 µs for a suggestion.
   */
  #mayFollow(text: DocumentText, offset: number): (suggested: string) => boolean {
    const filter = this.#filter;
    if (!filter) return () => true;
    // A keystroke without a suggestion does not take the text before it apart.
    return (suggested) => {
      const end = clamp(offset, text);
      const near = text.slice(Math.max(0, end - lookBack), end);
      const lineStart = Math.max(near.lastIndexOf("\n"), near.lastIndexOf("\r")) + 1;
      return filter.allows(near.slice(lineStart) + suggested, near.slice(0, lineStart));
    };
  }

  /** An answer without the suggestions that may not be made. */
  #allowed(answer: Answer, mayFollow: (text: string) => boolean): Answer {
    if (!answer.suggestion) return answer;
    const { suggestion, alternatives, isPartial = false } = answer;
    const [first, ...others] = [suggestion, ...(alternatives ?? [])].filter(({ text }) => mayFollow(text));
    if (!first) return { silence: "unsure", isPartial };
    return { suggestion: first, ...(alternatives && { alternatives: others }), isPartial };
  }

  /** An explanation without what may not be suggested. */
  #allowedPart(explanation: Explanation, mayFollow: (text: string) => boolean): Explanation {
    const answer = this.#allowed(explanation.answer, mayFollow);
    const isAllowed = mayFollow(explanation.characters.map(({ text }) => text).join(""));
    if (isAllowed) return { ...explanation, answer };
    const shown = answer.suggestion ? explanation.shown : 0;
    return { ...explanation, answer, characters: explanation.characters.slice(0, shown), shown };
  }

  /** Starts the clock of a request. @returns a function that says whether its time is over */
  #startClock(budget = this.#options.budget): () => boolean {
    const { now } = this.#options;
    const end = now() + budget;
    return () => now() >= end;
  }

  async #track<Result>(running: Promise<Result>): Promise<Result> {
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }
}

/** The text as one that shares as much as possible with the document's own. */
function sharing(document: OpenDocument, text: DocumentText | string): DocumentText {
  return typeof text === "string" ? document.text.changedTo(text) : text;
}

function clamp(offset: number, text: DocumentText): number {
  return Math.min(Math.max(offset, 0), text.length);
}
