import type { LanguageModel } from "../model/language-model.ts";
import type { DocumentText } from "./documents/document-text.ts";
import type { Edit } from "./documents/edit.ts";
import type { LearningFilter } from "./documents/learning-filter.ts";
import { textName } from "./memory/text-name.ts";
import { type ReadOptions, TextReader } from "./memory/text-reader.ts";
import { OpenDocument } from "./open-document.ts";
import type { Mixture } from "./prediction/mixture.ts";
import type { Sources } from "./prediction/predictor.ts";
import type { Answer, CompletionSettings } from "./suggestion.ts";

export { type Answer, type Silence, silences } from "./suggestion.ts";

export interface EngineOptions {
  /** Milliseconds that one request may take; then it answers with what it has, one run of the network later at most. Infinity: no limit. */
  readonly budget?: number;
  /** A clock in milliseconds. */
  readonly now?: () => number;
  /** Number of documents whose states are kept; those of the least recently used go first. */
  readonly documents?: number;
  /** The local model and how to mix it in; undefined: the network answers alone, as it does where it reads other tokens than bytes. */
  readonly mixture?: Mixture | undefined;
  /** What reads into the mixture, where it is older than the engine. */
  readonly reader?: TextReader | undefined;
  /** What may be learned of documents; by default, all. */
  readonly filter?: LearningFilter | undefined;
  /** Whether the network's predictions count. */
  readonly useNetwork?: boolean;
}

/** Where a suggestion is wanted, and how. */
export interface SuggestionRequest extends CompletionSettings {
  readonly uri: string;
  /**
   * The text to complete: the document's own, or one that it may become, such as with an item that is selected in the editor's list.
   * A string is compared with the document's own text, which takes time in proportion to its length.
   */
  readonly text: DocumentText | string;
  /** Position of the cursor, in UTF-16 units; past the end means the end. */
  readonly offset: number;
  /** Milliseconds that this request may take, if not the engine's. */
  readonly budget?: number | undefined;
  /** Aborting it ends the request within one step of the network; the answer is then "cancelled". */
  readonly signal?: AbortSignal | undefined;
}

/** Suggestions for open documents, from one model; keeps the states along each document between keystrokes. */
export class CompletionEngine {
  #model: LanguageModel;
  readonly #options: Required<Omit<EngineOptions, "mixture" | "reader" | "filter">>;
  readonly #mixture: Mixture | undefined;
  readonly #reader: TextReader | undefined;
  readonly #filter: LearningFilter | undefined;
  /** By uri, least recently used first. */
  readonly #documents = new Map<string, OpenDocument>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(model: LanguageModel, options: EngineOptions = {}) {
    this.#model = model;
    const { mixture, reader, filter, ...others } = options;
    this.#options = {
      budget: 10,
      now: () => performance.now(),
      documents: 32,
      useNetwork: true,
      ...others,
    };
    this.#mixture = mixture;
    this.#reader = mixture && (reader ?? new TextReader(mixture));
    this.#filter = filter;
  }

  /** The model that answers now. */
  get model(): LanguageModel {
    return this.#model;
  }

  /**
   * Takes a document's new text (opened or edited), to be called as soon as it is known: work on the older text stops. Learns
   * nothing of it.
   * @param text a string is compared with the text before it, which takes time in proportion to its length
   * @param edit how the text became this one; else the texts are compared, as far as they do not share their parts
   */
  see(uri: string, text: DocumentText | string, edit?: Edit): void {
    const document = this.#open(uri);
    document.update(sharing(document, text), edit);
  }

  /**
   * Takes what stands before a document's text, such as the cells before a cell of a notebook: it is predicted from, not learned.
   * @param before empty, or whole lines; no more than its last thousand characters are ever read
   */
  precede(uri: string, before: string): void {
    this.#open(uri).precede(before);
  }

  /**
   * Takes a document's new text as {@link see} does, and learns what has come in; of a document of which nothing was learned
   * before, all of it.
   * @returns when it is learned, that too which is read in the background
   */
  async update(uri: string, text: DocumentText | string, edit?: Edit): Promise<void> {
    this.see(uri, text, edit);
    if (this.#reader) await this.#documents.get(uri)?.learn(edit, this.#reader, this.#filter);
  }

  /**
   * The suggestion at a position, or why there is none. A request ends the one before it on the same document. While one types
   * along a suggestion the answer is its remainder, at no cost. A request changes neither the document's text, which
   * {@link see} or {@link update} has given, nor what is learned: a text that is not the document's own is completed aside.
   * @throws ONNX Runtime's error if the network can't be run, such as for lack of memory; then nothing has changed
   */
  async suggest({ uri, text, offset, signal, budget, ...settings }: SuggestionRequest): Promise<Answer> {
    const document = this.#open(uri);
    document.cancel();
    const asked = sharing(document, text);
    const answer = document
      .withText(asked)
      .suggest(clamp(offset, asked), settings, () => this.#startClock(budget), signal);
    this.#reader?.yieldTo(answer);
    return await this.#track(answer);
  }

  /** Reads a text, such as a file of the workspace, into the local model, in the background. @returns whether it was new */
  async read(text: string, options?: ReadOptions): Promise<boolean> {
    return (await this.#reader?.read(text, options)) ?? false;
  }

  /**
   * Reads a text as {@link read} does, and learns from it how far to trust each source: worth while for some tens of thousands of
   * characters, after the rest of the workspace.
   */
  async rehearse(text: string, options?: ReadOptions): Promise<boolean> {
    const { useNetwork } = this.#options;
    if (!this.#reader || !this.#sources.mixture || !useNetwork) return await this.read(text, options);
    return await this.#track(this.#reader.rehearse(text, this.#model, options));
  }

  /** Settles what was learned of a document, as when it is saved: it counts as its known text. */
  async settle(uri: string): Promise<void> {
    await this.#documents.get(uri)?.settle();
  }

  /** Learns no more of any document, until it is told of its text again; what is learned counts as known. */
  stopLearning(): void {
    for (const document of this.#documents.values()) void document.stopLearning();
  }

  /** Learns no more of a document, and takes back all that was learned of it. @returns when that is done */
  async unlearn(uri: string): Promise<void> {
    await this.#forget(uri, this.#documents.get(uri)?.stopLearning());
  }

  /**
   * Closes a document. What was learned of a file's text counts as known: reading the file takes back what was not saved. All of
   * another document is taken back.
   * @returns when that is done
   */
  async close(uri: string): Promise<void> {
    const document = this.#documents.get(uri);
    document?.cancel();
    this.#documents.delete(uri);
    const settled = document?.stopLearning();
    if (textName(uri) === uri) await this.#forget(uri, settled);
    else await settled;
  }

  /** Takes back what is known of a document after it is settled, and before it is learned again if that begins meanwhile. */
  async #forget(uri: string, settled: Promise<void> | undefined): Promise<void> {
    await Promise.all([settled, this.#reader?.forget(textName(uri))]);
  }

  /**
   * Answers from another model from now on: what is in flight ends as "cancelled", and all states are dropped.
   * @returns when nothing reads with the former model any more, so that whoever loaded it can release it
   */
  async use(model: LanguageModel): Promise<void> {
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
      nameAt: (position) => this.#reader?.nameAt(position),
      useNetwork: this.#options.useNetwork,
    };
  }

  /** Starts a request's clock. @returns whether its time is over */
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

/** A text that has as much as possible in common with a document's own. */
function sharing(document: OpenDocument, text: DocumentText | string): DocumentText {
  return typeof text === "string" ? document.text.changedTo(text) : text;
}

function clamp(offset: number, text: DocumentText): number {
  return Math.min(Math.max(offset, 0), text.length);
}
