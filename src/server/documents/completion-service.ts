import { setImmediate, setTimeout } from "node:timers/promises";
import { type Connection, type TextDocumentContentChangeEvent, TextDocuments } from "vscode-languageserver";
import { CompletionEngine } from "../../completion/engine.ts";
import type { LocalMemory } from "../../completion/memory/local-memory.ts";
import { publicLines } from "../../corpus/learnable-text.ts";
import type { Network } from "../../model/language-model.ts";
import { pathsOf } from "../../uris.ts";
import {
  type DismissParams,
  dismissNotification,
  type IsExcludedParams,
  isExcludedRequest,
  type SameEditsParams,
  type SameEditsResult,
  type StatisticsParams,
  sameEditsRequest,
  statisticsNotification,
} from "../protocol.ts";
import type { DocumentEvent } from "../reading/watched-files.ts";
import { sameEdits } from "../same-edit/same-edits.ts";
import type { Settings } from "../settings.ts";
import { ClosedMemory } from "./closed-memory.ts";
import { CommitBoxes, type CommitBoxesOptions } from "./commit-boxes.ts";
import { closeCursors, uriOfDocument } from "./cursors.ts";
import { DocumentLearning } from "./document-learning.ts";
import { Enablement } from "./enablement.ts";
import { InlineRequests } from "./inline-requests.ts";
import { Notebooks } from "./notebooks.ts";
import { TrackedDocument } from "./tracked-document.ts";
import { warmUp } from "./warm-up.ts";

/** Milliseconds after an edit during which no files are read: editors request a completion some 50 ms after the last key. */
const quietAfterEdit = 75;

/** In longer documents, of so many characters, same edits are not looked for. */
const longestForSameEdits = 500_000;

/** Milliseconds between two reports of what suggestions saved. */
const statisticsInterval = 5_000;

/** Milliseconds after the first model is in use at which the code of a keystroke is warmed up. */
const warmUpAfter = 300;

export interface CompletionOptions extends Pick<CommitBoxesOptions, "mayReadCommits" | "isLeftOut"> {
  /** Returns the current settings. */
  readonly settings: () => Settings;
  /** Asks the client whether completions are on in a document, given its URI. */
  readonly isEnabledIn: (uri: string) => Promise<boolean>;
  /** Whether Murmur may learn from a document in which completions are on, given its URI. */
  readonly mayLearn: (uri: string) => Promise<boolean>;
  /** Called after an event of a document has been handled. */
  readonly onDocument: (event: DocumentEvent, uri: string) => void;
  /** Whether nothing is suggested in a document, given its URI. */
  readonly isExcluded: (uri: string) => boolean;
  /** Whether the client requests again when it is notified that there is more to suggest. */
  readonly canRefresh: boolean;
}

/** Holds a client's open documents and the engine, and passes each event and request to the part that handles it. */
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
  readonly #commits: CommitBoxes;
  readonly #enablement: Enablement;
  readonly #learning: DocumentLearning;
  readonly #requests: InlineRequests;
  readonly #closedMemory = new ClosedMemory();
  #engine: CompletionEngine | undefined;
  #memory: LocalMemory | undefined;

  constructor(connection: Connection, options: CompletionOptions) {
    this.#connection = connection;
    this.#options = options;
    const engine = (): CompletionEngine | undefined => this.#engine;
    const { settings, mayLearn, isExcluded, canRefresh, mayReadCommits, isLeftOut } = options;
    const enablement = new Enablement(options.isEnabledIn);
    this.#enablement = enablement;
    this.#commits = new CommitBoxes({
      log: connection.console,
      reader: () => this.#memory?.reader,
      isOn: (document) => enablement.isOn(document),
      mayReadCommits,
      isLeftOut,
    });
    this.#learning = new DocumentLearning({ log: connection.console, settings, enablement, mayLearn, engine });
    this.#requests = new InlineRequests(connection, {
      document: (uri) => this.#documents.get(uri),
      before: (document) => this.#notebooks.before(document) || this.#commits.before(document),
      engine,
      settings,
      enablement,
      isExcluded,
      canRefresh,
    });
  }

  /** Registers the handlers with the connection, before it listens. */
  listen(): void {
    const connection = this.#connection;
    this.#requests.listen();
    connection.onNotification(dismissNotification, ({ uri }: DismissParams) => {
      const document = this.#documents.get(uri);
      document?.dismissals.dismiss();
      document?.statistics.dismiss();
    });
    connection.onRequest(isExcludedRequest, ({ uri }: IsExcludedParams) => this.#options.isExcluded(uri));
    connection.onRequest(sameEditsRequest, (params: SameEditsParams) => this.#sameEdits(params));
    this.#documents.onDidOpen(({ document }) => {
      void this.#enablement.ask(document);
      void this.#learning.decideLater(document);
      void this.#commits.follow(document);
      this.#options.onDocument("opened", document.uri);
    });
    this.#documents.onDidChangeContent(({ document }) => {
      this.#beQuiet();
      this.#learning.change(document);
      this.#commits.noteEdit(document);
      this.#options.onDocument("changed", document.uri);
    });
    this.#documents.onDidSave(({ document }) => {
      if (document.uri.endsWith("/.gitignore")) this.learn();
      else this.#settle(document);
      this.#options.onDocument("saved", document.uri);
    });
    this.#documents.onDidClose(({ document }) => {
      document.decision = undefined;
      this.#reportStatistics(document);
      if (document.hasCursors && this.#engine) closeCursors(this.#engine, document.uri);
      void this.#close(document);
    });
    this.#documents.listen(connection);
    this.#notebooks.listen(connection, (cells) => {
      for (const cell of cells) this.#settle(cell);
      const [first] = cells;
      if (first) this.#options.onDocument("saved", first.uri);
    });
    setInterval(() => this.reportStatistics(), statisticsInterval).unref();
  }

  /** Takes what was typed in a document as settled, because it was saved. */
  #settle(document: TrackedDocument): void {
    this.#beQuiet();
    void this.#engine?.settle(document.uri);
    void this.#learning.decideLater(document);
  }

  /** Reports what was typed and saved since the last report. */
  reportStatistics(): void {
    for (const document of this.#documents.all()) this.#reportStatistics(document);
  }

  #reportStatistics({ languageId, statistics }: TrackedDocument): void {
    const saved = statistics.take();
    if (saved.typed === 0 && saved.accepted === 0 && saved.shown === 0) return;
    const params: StatisticsParams = { languageId, ...saved };
    void this.#connection.sendNotification(statisticsNotification, params);
  }

  #sameEdits({ uri, current, refused }: SameEditsParams): SameEditsResult {
    const document = this.#documents.get(uri);
    if (!document || this.#options.isExcluded(uri)) return { version: 0, edits: [] };
    const { before, text, version } = document;
    if (before === text || text.length > longestForSameEdits) return { version, edits: [] };
    const edits = sameEdits(before.toString(), text.toString(), { current, refused: new Set(refused) });
    // After that much, what comes next is other work.
    if (!edits) document.startAnew();
    return { version, edits: edits ?? [] };
  }

  /** Closes a document. Only when it is settled can what was not saved be distinguished from the file, and forgotten. */
  async #close({ uri, text }: TrackedDocument): Promise<void> {
    await this.#engine?.close(uri);
    this.#closedMemory.note(text.length);
    this.#options.onDocument("closed", uri);
  }

  /** Pauses the reading of files, so that the requests that follow an edit are answered first. */
  #beQuiet(): void {
    this.#memory?.reader.beQuiet(quietAfterEdit);
    this.#closedMemory.postpone();
  }

  /** Resolves when it is the turn of background work: not while a suggestion is being computed, and seldom while somebody types. */
  async turn(): Promise<void> {
    if (this.#memory) await this.#memory.reader.turn();
    else await setImmediate();
  }

  /** The engine; undefined until there is a model. */
  get engine(): CompletionEngine | undefined {
    return this.#engine;
  }

  /** The paths of the open files. */
  get openPaths(): string[] {
    return pathsOf(this.#documents.keys());
  }

  /**
   * Uses a model from now on, mixed with the memory. The memory of the first call is kept.
   * @returns a promise that resolves when nothing uses the previous model any more
   */
  async use(model: Network, memory: LocalMemory | undefined): Promise<void> {
    if (this.#engine) return await this.#engine.use(model);
    this.#memory = memory;
    const { mixture, reader } = memory ?? {};
    this.#engine = new CompletionEngine(model, {
      mixture,
      reader,
      filter: publicLines,
      languageIdOf: (uri) => this.#documents.get(uriOfDocument(uri))?.languageId,
    });
    for (const document of this.#documents.all()) this.#learning.enter(document);
    this.#followCommits();
    void this.#warmUp(this.#engine);
  }

  /** Compiles the code of a keystroke before the first one, unless somebody types by then. */
  async #warmUp(engine: CompletionEngine): Promise<void> {
    await setTimeout(warmUpAfter, undefined, { ref: false });
    const isWanted = (): boolean => this.#options.settings().enabled && !this.#requests.hasAsked;
    if (!isWanted()) return;
    try {
      await warmUp(engine, isWanted);
      if (isWanted()) this.#connection.console.debug("compiled the code of a keystroke before the first one");
    } catch {
      // A network that fails now fails at the first request too, and that reports it.
    }
  }

  /** Stops learning from all documents until {@link learn}. What was learned of them counts as known and is not read again. */
  stopLearning(): void {
    for (const document of this.#documents.all()) this.#learning.stop(document);
    this.#engine?.stopLearning();
  }

  /** Learns from the open documents from now on, where that is allowed. */
  learn(): void {
    for (const document of this.#documents.all()) void this.#learning.decide(document);
    this.#followCommits();
  }

  /** Reads the commits of the repositories whose boxes are open, where that is allowed, and takes back all others. */
  #followCommits(): void {
    for (const document of this.#documents.all()) void this.#commits.follow(document);
    void this.#commits.prune();
  }
}
