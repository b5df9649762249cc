import {
  type CancellationToken,
  type Connection,
  DidChangeConfigurationNotification,
  type InitializeParams,
  type InitializeResult,
  MessageType,
  ShowMessageNotification,
  TextDocumentSyncKind,
} from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import { CompletionService } from "./completion-service.ts";
import { isLearnable } from "./learnable.ts";
import { fallbackFolder, type LoadedModel, ModelStore } from "./model-store.ts";
import { notebookDocumentSync } from "./notebooks.ts";
import {
  type InitializationOptions,
  type ResetResult,
  resetRequest,
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
import { pathsOf } from "./uris.ts";
import { WorkspaceMemory } from "./workspace-memory.ts";

/** Serves one client over a connection: holds its settings, the model in use, what the workspace has taught, and at most one training run. */
export class MurmurServer {
  readonly #connection: Connection;
  readonly #completions: CompletionService;
  #settings: Settings = defaultSettings;
  /** Globs of files.exclude and search.exclude. */
  #hidden: readonly string[] = [];
  #folders: string[] = [];
  #canConfigure = false;
  #canChangeFolders = false;
  #store = new ModelStore(fallbackFolder([]));
  #loaded: LoadedModel | undefined;
  /** Undefined: the network answers alone. */
  #memory: WorkspaceMemory | undefined;
  #run: TrainingRun | undefined;
  /** From the request on, before there is a run. */
  #isTraining = false;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#completions = new CompletionService(connection, {
      settings: () => this.#settings,
      mayLearn: (uri) => this.#mayLearn(uri),
    });
  }

  listen(): void {
    const connection = this.#connection;
    connection.onInitialize((params) => this.#initialize(params));
    connection.onInitialized(() => this.#start());
    connection.onDidChangeConfiguration(({ settings }) =>
      this.#configure((settings as { murmur?: unknown } | null)?.murmur),
    );
    connection.onShutdown(() => this.#end());
    connection.onRequest(trainRequest, (params: TrainParams | undefined, token) => this.#train(params ?? {}, token));
    connection.onRequest(stopTrainingRequest, () => this.#run?.finish());
    connection.onRequest(resetRequest, () => this.#reset());
    this.#completions.listen();
    connection.listen();
  }

  #initialize(params: InitializeParams): InitializeResult {
    const options = (params.initializationOptions ?? {}) as InitializationOptions;
    const uris = params.workspaceFolders?.map((folder) => folder.uri) ?? (params.rootUri ? [params.rootUri] : []);
    this.#folders = pathsOf(uris);
    this.#canConfigure = params.capabilities.workspace?.configuration === true;
    this.#canChangeFolders = params.capabilities.workspace?.workspaceFolders === true;
    this.#store = new ModelStore(options.storagePath ?? fallbackFolder(this.#folders));
    return {
      capabilities: {
        textDocumentSync: TextDocumentSyncKind.Incremental,
        notebookDocumentSync,
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
      this.#memory = await this.#openMemory();
      await this.#use(await this.#loadModel());
    } catch (error) {
      this.#show(MessageType.Error, messageOf(error));
      this.#report({ state: "failed", message: messageOf(error) });
    }
  }

  async #loadModel(): Promise<LoadedModel> {
    return await this.#store.load((message) => this.#show(MessageType.Warning, message));
  }

  async #openMemory(): Promise<WorkspaceMemory | undefined> {
    try {
      return await WorkspaceMemory.open({
        // What belongs to no folder is kept for no later window.
        path: this.#folders.length > 0 ? this.#store.memoryPath : undefined,
        prepare: () => this.#store.prepare(),
        log: this.#connection.console,
        onChange: () => this.#reportModel(),
      });
    } catch (error) {
      this.#show(
        MessageType.Warning,
        `${messageOf(error)} Until then Murmur does not learn from the workspace's text.`,
      );
      return undefined;
    }
  }

  /** Whether anything may be learned from a document: completions are on in its language, and it is not left out. */
  async #mayLearn(uri: string): Promise<boolean> {
    if (!this.#settings.enabled) return false;
    if (this.#canConfigure) {
      const own = await this.#connection.workspace.getConfiguration({ scopeUri: uri, section: settingsSection });
      if (!parseSettings(own).settings.enabled) return false;
    }
    const isKept = this.#memory?.isKept ?? false;
    return await isLearnable(uri, { folders: this.#folders, exclude: this.#excluded, isKept });
  }

  /** Reads what is new in the workspace, where completions are on and the model can be mixed with what is read. */
  #readWorkspace(): void {
    const { engine } = this.#completions;
    if (!engine || !this.#memory || !this.#settings.enabled || engine.model.tokenizer.kind !== "byte") return;
    this.#memory.readWorkspace(engine, {
      folders: this.#folders,
      exclude: this.#excluded,
      open: () => this.#completions.openPaths,
    });
  }

  /** Globs of files that nothing is learned from. */
  get #excluded(): string[] {
    return [...this.#hidden, ...this.#settings.training.exclude];
  }

  async #end(): Promise<void> {
    const run = this.#run;
    run?.cancel();
    await run?.ended;
    this.#completions.stopLearning();
    await this.#memory?.close();
  }

  async #reset(): Promise<ResetResult> {
    if (this.#isTraining) return { outcome: "failed", message: "Murmur is training. Stop that run first." };
    try {
      await this.#store.reset();
      await this.#use(await this.#loadModel());
      this.#completions.stopLearning();
      await this.#memory?.reset();
      this.#completions.learn();
      this.#readWorkspace();
      return { outcome: "reset", message: "Murmur has forgotten this workspace, and begins to read it anew." };
    } catch (error) {
      return { outcome: "failed", message: messageOf(error) };
    }
  }

  #followFolders(): void {
    this.#connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
      const [gone, come] = [removed, added].map((folders) => pathsOf(folders.map(({ uri }) => uri))) as [
        string[],
        string[],
      ];
      this.#folders = [...this.#folders.filter((folder) => !gone.includes(folder)), ...come];
      this.#completions.learn();
      if (come.length > 0) this.#readWorkspace();
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
    const { enabled } = this.#settings;
    this.#settings = settings;
    this.#completions.learn();
    if (enabled && !settings.enabled) await this.#memory?.stopReading();
    if (!enabled && settings.enabled) this.#readWorkspace();
    for (const problem of problems) this.#show(MessageType.Warning, problem);
  }

  async #train(params: TrainParams, token: CancellationToken): Promise<TrainResult> {
    if (this.#isTraining) return { outcome: "failed", message: "Murmur is training already. Stop that run first." };
    if (this.#folders.length === 0)
      return { outcome: "failed", message: "There is no folder to train on. Open a folder first." };
    this.#isTraining = true;
    try {
      return await this.#trainAlone(params, token);
    } finally {
      this.#isTraining = false;
      this.#reportModel();
    }
  }

  async #trainAlone({ workDoneToken }: TrainParams, token: CancellationToken): Promise<TrainResult> {
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
          exclude: this.#excluded,
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
    // A rehearsal reads with the former model.
    await this.#memory?.stopReading();
    await this.#completions.use(loaded.model, this.#memory);
    await former?.model.release();
    this.#connection.console.info(`Completing with the ${loaded.description} (${loaded.path}).`);
    this.#reportModel();
    this.#readWorkspace();
  }

  #reportModel(): void {
    if (this.#isTraining) return;
    if (this.#loaded)
      this.#report({ state: "ready", model: this.#loaded.description, memory: this.#memory?.description });
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
