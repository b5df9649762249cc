import { fileURLToPath } from "node:url";
import {
  type CancellationToken,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  type InlineCompletionItem,
  type InlineCompletionParams,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
  TextDocuments,
} from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import { CompletionEngine, silences } from "../completion/engine.ts";
import { messageOf } from "../errors.ts";
import { type InlineRequest, inlineCompletion } from "./inline-completion.ts";
import { fallbackFolder, type LoadedModel, ModelStore } from "./model-store.ts";
import {
  type InitializationOptions,
  type RefreshParams,
  refreshNotification,
  type Status,
  settingsSection,
  statusNotification,
  stopTrainingRequest,
  type TrainParams,
  type TrainResult,
  trainRequest,
} from "./protocol.ts";
import { defaultSettings, excludedGlobs, parseSettings, type Settings } from "./settings.ts";
import { describeResult, startRun, type TrainingRun } from "./training-run.ts";

/** Serves one client over a connection: holds its documents, the model in use and at most one training run. */
export class MurmurServer {
  readonly #connection: Connection;
  readonly #documents = new TextDocuments(TextDocument);
  #settings: Settings = defaultSettings;
  /** Globs of files.exclude and search.exclude. */
  #hidden: readonly string[] = [];
  #folders: string[] = [];
  #canConfigure = false;
  #canChangeFolders = false;
  #store = new ModelStore(fallbackFolder([]));
  #loaded: LoadedModel | undefined;
  #engine: CompletionEngine | undefined;
  #run: TrainingRun | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#start());
    connection.onDidChangeConfiguration(({ settings }) =>
      this.#configure((settings as { murmur?: unknown } | null)?.murmur),
    );
    connection.onShutdown(() => this.#run?.cancel());
    connection.languages.inlineCompletion.on((params, token) => this.#complete(params, token));
    connection.onRequest(trainRequest, (params: TrainParams | undefined, token) => this.#train(params ?? {}, token));
    connection.onRequest(stopTrainingRequest, () => this.#run?.finish());
    this.#documents.onDidChangeContent(({ document }) => this.#engine?.update(document.uri, document.getText()));
    this.#documents.onDidClose(({ document }) => this.#engine?.close(document.uri));
    this.#documents.listen(connection);
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    const uris = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.#folders = uris.filter((uri) => uri.startsWith("file:")).map((uri) => fileURLToPath(uri));
    this.#canConfigure = params.capabilities.workspace?.configuration === true;
    this.#canChangeFolders = params.capabilities.workspace?.workspaceFolders === true;
    this.#store = new ModelStore(options.storagePath ?? fallbackFolder(this.#folders));
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        inlineCompletionProvider: true,
        workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
      },
      serverInfo: { name: "murmur" },
    };
  }

  async #start(): Promise<void> {
    if (this.#canConfigure) {
      await this.#connection.client.register(DidChangeConfigurationNotification.type, {
        section: [settingsSection, "files.exclude", "search.exclude"],
      });
      await this.#configure(undefined);
    }
    if (this.#canChangeFolders) this.#followFolders();
    try {
      await this.#use(await this.#store.load((message) => this.#show(MessageType.Warning, message)));
    } catch (error) {
      this.#show(MessageType.Error, messageOf(error));
      this.#report({ state: "failed", message: messageOf(error) });
    }
  }

  #followFolders(): void {
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const gone = removed.map((folder) => fileURLToPath(folder.uri));
      const come = added.filter((folder) => folder.uri.startsWith("file:")).map((folder) => fileURLToPath(folder.uri));
      this.#folders = [...this.#folders.filter((folder) => !gone.includes(folder)), ...come];
    });
  }

  /** @param pushed the section, from a client that does not let itself be asked */
  async #configure(pushed: unknown): Promise<void> {
    let given = pushed;
    if (this.#canConfigure) {
      const [own, files, search] = (await this.#connection.workspace.getConfiguration([
        { section: settingsSection },
        { section: "files.exclude" },
        { section: "search.exclude" },
      ])) as unknown[];
      given = own;
      this.#hidden = excludedGlobs(files, search);
    }
    const { settings, problems } = parseSettings(given);
    this.#settings = settings;
    for (const problem of problems) this.#show(MessageType.Warning, problem);
  }

  async #complete(params: InlineCompletionParams, token: CancellationToken): Promise<InlineCompletionItem[]> {
    const document = this.#documents.get(params.textDocument.uri);
    if (!document || !this.#engine || !this.#settings.enabled) return [];
    const request: InlineRequest = {
      document,
      position: params.position,
      selected: params.context.selectedCompletionInfo,
    };
    const { version } = document;
    const { item, silence, isPartial } = await inlineCompletion(this.#engine, request, this.#settings, token);
    if (isPartial) setImmediate(() => this.#decodeOn(request, version, item));
    if (silence)
      this.#connection.console.debug(
        `nothing at ${params.position.line + 1}:${params.position.character + 1}: ${silences[silence]}`,
      );
    return item ? [item] : [];
  }

  /**
   * Goes on decoding where time ran out, now that the editor has its answer, and tells it if there is more to show. The
   * next keystroke ends it.
   */
  async #decodeOn(request: InlineRequest, version: number, answered: InlineCompletionItem | undefined): Promise<void> {
    const { document } = request;
    if (!this.#engine || document.version !== version) return;
    const { item } = await inlineCompletion(this.#engine, request, this.#settings, undefined, Number.POSITIVE_INFINITY);
    if (!item || item.insertText === answered?.insertText || document.version !== version) return;
    const params: RefreshParams = { uri: document.uri, version };
    await this.#connection.sendNotification(refreshNotification, params);
  }

  async #train({ workDoneToken }: TrainParams, token: CancellationToken): Promise<TrainResult> {
    if (this.#run) return { outcome: "failed", message: "Murmur is training already. Stop that run first." };
    if (this.#folders.length === 0)
      return { outcome: "failed", message: "There is no folder to train on. Open a folder first." };
    const window = this.#connection.window;
    const asked = workDoneToken === undefined ? await window.createWorkDoneProgress() : undefined;
    const progress = asked ?? window.attachWorkDoneProgress(workDoneToken);
    progress.begin("Murmur is training", 0, "reading files", true);
    try {
      await this.#store.prepare();
      await this.#store.discard();
      const run = startRun(
        {
          folders: this.#folders,
          exclude: [...this.#hidden, ...this.#settings.training.exclude],
          settings: this.#settings.training,
          init: this.#loaded?.path,
          out: this.#store.trainingPath,
        },
        (percent, line) => {
          progress.report(percent, `${percent} %, ${line}`);
          this.#report({
            state: "training",
            model: this.#loaded?.description ?? "no model yet",
            percent,
            detail: line,
          });
        },
      );
      this.#run = run;
      token.onCancellationRequested(() => run.cancel());
      asked?.token.onCancellationRequested(() => run.cancel());
      const end = await run.ended;
      return await this.#conclude(end);
    } catch (error) {
      return { outcome: "failed", message: messageOf(error) };
    } finally {
      this.#run = undefined;
      progress.done();
      await this.#store.discard();
      this.#reportModel();
    }
  }

  /** Puts the trained model in use if it is better than the one in use. */
  async #conclude(end: Awaited<TrainingRun["ended"]>): Promise<TrainResult> {
    if ("result" in end) return end.result;
    const { before, heldOut } = end.trained;
    const isBetter = heldOut.bitsPerChar < before.bitsPerChar;
    if (isBetter) await this.#use(await this.#store.install());
    return { outcome: isBetter ? "installed" : "kept", message: describeResult(end.trained, isBetter) };
  }

  async #use(loaded: LoadedModel): Promise<void> {
    const former = this.#loaded;
    this.#loaded = loaded;
    if (this.#engine) await this.#engine.use(loaded.model);
    else this.#engine = new CompletionEngine(loaded.model);
    await former?.model.release();
    this.#connection.console.info(`Completing with the ${loaded.description} (${loaded.path}).`);
    if (!this.#run) this.#reportModel();
  }

  #reportModel(): void {
    if (this.#loaded) this.#report({ state: "ready", model: this.#loaded.description });
    else
      this.#report({ state: "failed", message: "There is no model. Train on the workspace, or install Murmur again." });
  }

  #show(type: MessageType, message: string): void {
    void this.#connection.sendNotification(ShowMessageNotification.type, { type, message });
  }

  #report(status: Status): void {
    void this.#connection.sendNotification(statusNotification, status);
  }
}
