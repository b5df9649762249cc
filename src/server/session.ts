import { realpath } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { type CancellationToken, type Connection, DidChangeConfigurationNotification } from "vscode-languageserver";
import { isLikelySecret } from "../corpus/secrets/secret-names.ts";
import { messageOf } from "../errors.ts";
import { t } from "../l10n.ts";
import { pathsOf } from "../uris.ts";
import { ClientSettings } from "./client-settings.ts";
import { CompletionService } from "./documents/completion-service.ts";
import { isLearnable } from "./documents/learnable.ts";
import { isExcluded, isWithin } from "./exclusion.ts";
import type { Client } from "./initialization.ts";
import { ModelRequests, notTrusted } from "./models/model-requests.ts";
import { fallbackFolder, ModelStore } from "./models/model-store.ts";
import { findTeamModel } from "./models/team-model.ts";
import { WorkspaceModel } from "./models/workspace-model.ts";
import { type CompareModelsParams, type ComparisonResult, compareModelsRequest } from "./models-protocol.ts";
import { Playground } from "./playground/playground.ts";
import { settingsSection } from "./protocol.ts";
import { WatchedFiles } from "./reading/watched-files.ts";
import { IdleTraining } from "./runs/idle-training.ts";
import { compareModels } from "./runs/model-comparison.ts";
import { type Reason, type TrainingSource, WorkspaceTraining } from "./runs/workspace-training.ts";
import { trainingMinutes } from "./settings.ts";
import { StatusReport } from "./status-report.ts";
import {
  cancelTrainingRequest,
  filesReadRequest,
  interruptedTrainingRequest,
  type PauseTrainingParams,
  pauseTrainingRequest,
  stopTrainingRequest,
  type TrainingView,
  type TrainParams,
  type TrainResult,
  trainRequest,
  type WatchTrainingParams,
  watchTrainingRequest,
} from "./training-protocol.ts";

/** The least share of the workspace's text that has changed when a run while nobody types is worthwhile. */
const leastNew = 0.1;

/** Milliseconds to wait for the client's settings before the model is loaded. */
const longestWait = 1_000;

/** One client's session, from start to shutdown: passes its requests and notifications to the parts that handle them. */
export class Session {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #report: StatusReport;
  readonly #store: ModelStore;
  readonly #settings: ClientSettings;
  readonly #completions: CompletionService;
  readonly #workspace: WorkspaceModel;
  readonly #training: WorkspaceTraining;
  readonly #models: ModelRequests;
  readonly #idle: IdleTraining;
  readonly #watched: WatchedFiles;
  readonly #playground: Playground;
  /** Resolves when the settings have been asked for; undefined before the start. */
  #configured: Promise<void> | undefined;
  #openFolders: readonly string[];

  constructor(connection: Connection, client: Client) {
    const report = new StatusReport(connection);
    const store = new ModelStore(client.storagePath ?? fallbackFolder(client.folders), () =>
      findTeamModel(this.#settings.current.model, this.#folders),
    );
    this.#connection = connection;
    this.#client = client;
    this.#report = report;
    this.#store = store;
    this.#openFolders = client.folders;
    this.#settings = new ClientSettings({
      connection,
      canBeAsked: client.canBeAsked,
      pushed: client.settings,
      folders: () => this.#openFolders,
    });
    const completions = new CompletionService(connection, {
      settings: () => this.#settings.current,
      isEnabledIn: (uri) => this.#settings.isEnabledIn(uri),
      mayLearn: (uri) => this.#mayLearn(uri),
      onDocument: (event, uri) => {
        this.#watched.note(event, uri);
        this.#idle.noteEdit();
      },
      isExcluded: (uri) => this.#isExcluded(uri),
      mayReadCommits: (root) => this.#mayReadCommits(root),
      isLeftOut: (path) =>
        isLikelySecret(path) || isExcluded(pathToFileURL(path).href, this.#excluded, this.#openFolders),
      canRefresh: client.canRefresh,
    });
    this.#completions = completions;
    this.#workspace = new WorkspaceModel({
      connection,
      completions,
      report,
      store,
      isTrusted: client.isTrusted,
      // Without a folder, the memory is not saved.
      memoryPath: this.#folders.length > 0 ? store.memoryPath : undefined,
      mayRead: () => this.#mayRead(),
    });
    this.#watched = new WatchedFiles(connection, client.canWatchFiles, {
      follow: (paths) => {
        this.#workspace.follow(paths);
        this.#idle.noteFiles();
        this.#workspace.followBaseSoon();
      },
      lookAgain: () => {
        this.#workspace.lookAgain();
        this.#workspace.followBaseSoon();
      },
    });
    this.#training = new WorkspaceTraining({ connection, report, store, workspace: this.#workspace });
    this.#models = new ModelRequests({
      store,
      workspace: this.#workspace,
      isTrusted: client.isTrusted,
      hasFolder: () => this.#folders.length > 0,
      isReading: () => this.#folders.length > 0 && this.#settings.current.enabled,
      makeWay: () => this.#training.makeWay(),
      onReset: () => this.#training.forget(),
    });
    this.#idle = new IdleTraining({
      idleMinutes: () => this.#idleMinutes,
      training: this.#training,
      train: async () => this.#trainByItself({ texts: await store.recordedTexts(), leastNew }),
    });
    this.#playground = new Playground({
      isTrusted: client.isTrusted,
      workspaceModel: () => this.#workspace.workspacePath,
      turn: () => completions.turn(),
    });
  }

  /** Registers the handlers with the connection. */
  listen(): void {
    const connection = this.#connection;
    connection.onInitialized(() => this.#start());
    connection.onDidChangeConfiguration(({ settings }) => this.#configure(settings?.[settingsSection]));
    connection.onShutdown(() => this.#end());
    // If a request has no parameters, the token is the only argument.
    connection.onRequest(trainRequest, (params: TrainParams | CancellationToken, token?: CancellationToken) =>
      token ? this.#train(params as TrainParams, token) : this.#train({}, params as CancellationToken),
    );
    connection.onRequest(stopTrainingRequest, () => this.#training.finish());
    connection.onRequest(cancelTrainingRequest, () => this.#training.discard());
    connection.onRequest<boolean, void>(interruptedTrainingRequest, () => this.#isTrainingInterrupted());
    connection.onRequest(pauseTrainingRequest, ({ isPaused }: PauseTrainingParams) => this.#training.pause(isPaused));
    connection.onRequest(watchTrainingRequest, (params: WatchTrainingParams) => this.#watchTraining(params));
    connection.onRequest(filesReadRequest, () => this.#workspace.filesRead);
    this.#models.listen(connection);
    connection.onRequest<ComparisonResult, void>(
      compareModelsRequest,
      (params: CompareModelsParams, token: CancellationToken) => this.#compare(params, token),
    );
    this.#completions.listen();
    this.#watched.listen();
    this.#playground.listen(connection);
  }

  /** Loads the model. A client that refuses a request or leaves it unanswered does not prevent this. */
  async #start(): Promise<void> {
    const { canRegister, notifiesOfFolders, isTrusted } = this.#client;
    if (canRegister) void this.#registerForSettings();
    if (notifiesOfFolders) this.#followFolders();
    void this.#watched.start();
    if (!isTrusted) this.#report.update({ memory: t("Reads nothing in this workspace until it is trusted") });
    const configured = this.#configure();
    this.#configured = configured;
    await Promise.race([configured, setTimeout(longestWait, undefined, { ref: false })]);
    try {
      await this.#workspace.open();
    } catch (error) {
      this.#report.fail(messageOf(error));
    }
    await configured;
    const { resume, whenIdle } = this.#settings.current.training;
    // While nobody types, an interrupted run is continued anyway.
    if (resume && !whenIdle && (await this.#store.hasCheckpoint())) await this.#trainByItself("interrupted");
  }

  async #registerForSettings(): Promise<void> {
    try {
      await this.#connection.client.register(DidChangeConfigurationNotification.type, {
        section: [settingsSection, "files.exclude", "search.exclude", "files.associations"],
      });
    } catch (error) {
      this.#connection.console.info(`The client does not report changed settings (${messageOf(error)}).`);
    }
  }

  #followFolders(): void {
    this.#connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
      const [gone, come] = [removed, added].map((folders) => pathsOf(folders.map(({ uri }) => uri))) as [
        string[],
        string[],
      ];
      this.#openFolders = [...this.#openFolders.filter((folder) => !gone.includes(folder)), ...come];
      // A folder has settings of its own.
      await this.#settings.read();
      this.#completions.learn();
      await this.#workspace.followBase();
      await this.#workspace.readWorkspace();
    });
  }

  /** @param pushed the section, from a client that pushes it */
  async #configure(pushed?: unknown): Promise<void> {
    const former = JSON.stringify(this.#mayRead());
    for (const problem of await this.#settings.read(pushed)) this.#report.warn(problem);
    this.#completions.learn();
    this.#idle.follow();
    // A client may ask what is excluded now.
    this.#report.update({});
    await this.#workspace.followBase();
    if (JSON.stringify(this.#mayRead()) !== former) await this.#workspace.readWorkspace();
  }

  /** The folders that may be read: none if the workspace is not trusted, and none in which completions are off. */
  get #folders(): readonly string[] {
    if (!this.#client.isTrusted) return [];
    const off = pathsOf(this.#settings.current.offFolders);
    return this.#openFolders.filter((folder) => !off.includes(folder));
  }

  /** Globs of files not to learn from. */
  get #excluded(): string[] {
    const { exclude, training, languageFiles } = this.#settings.current;
    return [...this.#settings.hidden, ...exclude, ...training.exclude, ...languageFiles.off];
  }

  /**
   * What may be read in the workspace: nothing while the settings are unknown or completions are off. Without a folder, only the
   * files are followed that were learned because they were open.
   */
  #mayRead() {
    const { isKnown, current } = this.#settings;
    if (!isKnown || !current.enabled) return undefined;
    return {
      folders: this.#folders,
      exclude: this.#excluded,
      only: current.languageFiles.only,
      open: () => this.#completions.openPaths,
    };
  }

  /** Whether nothing is suggested in a document. */
  #isExcluded(uri: string): boolean {
    return isExcluded(uri, this.#settings.current.exclude, this.#openFolders);
  }

  /** Whether a document may be learned if completions are on in it: they are on in general, and it is not excluded. */
  async #mayLearn(uri: string): Promise<boolean> {
    const { isKnown, current } = this.#settings;
    if (!isKnown || !current.enabled || this.#isExcluded(uri)) return false;
    const { isKept } = this.#workspace;
    return await isLearnable(uri, { folders: this.#folders, exclude: this.#excluded, isKept });
  }

  async #isTrainingInterrupted(): Promise<boolean> {
    await this.#configured;
    const { resume, whenIdle } = this.#settings.current.training;
    if (resume || whenIdle || this.#training.isRunning || !this.#mayTrainByItself) return false;
    return await this.#store.hasCheckpoint();
  }

  async #watchTraining({ isWatched }: WatchTrainingParams): Promise<TrainingView> {
    return this.#client.isTrusted ? await this.#training.watch(isWatched) : { past: [] };
  }

  /** Whether the commits of a repository may be read: its folder is in one that may be, or around it. Undefined while the settings are unknown. */
  async #mayReadCommits(root: string): Promise<boolean | undefined> {
    const { isKnown, current } = this.#settings;
    if (!isKnown) return undefined;
    if (!current.enabled || !current.commitMessages) return false;
    // Git names a repository by its real path.
    const folders = await Promise.all(this.#folders.map((folder) => realpath(folder).catch(() => folder)));
    return [...folders, ...this.#folders].some((folder) => isWithin(root, folder) || isWithin(folder, root));
  }

  async #train(params: TrainParams, token: CancellationToken): Promise<TrainResult> {
    if (!this.#client.isTrusted) return { outcome: "failed", message: notTrusted() };
    if (this.#folders.length === 0)
      return { outcome: "failed", message: t("There is no folder to train on. Open a folder first.") };
    if (!this.#settings.isKnown) return { outcome: "failed", message: notConfigured() };
    const source = this.#trainingSource;
    const { data: minutes = source.minutes } = trainingMinutes.safeParse(params.minutes);
    return await this.#training.train({ ...source, minutes }, params, token);
  }

  async #compare(params: CompareModelsParams, token: CancellationToken): Promise<ComparisonResult> {
    if (!this.#client.isTrusted) return { outcome: "failed", message: notTrusted() };
    if (this.#folders.length === 0)
      return { outcome: "failed", message: t("There is no folder to compare models on. Open a folder first.") };
    if (!this.#settings.isKnown) return { outcome: "failed", message: notConfigured() };
    const { minutes, ...source } = this.#trainingSource;
    return await compareModels(this.#connection, this.#store.files, source, params, token);
  }

  get #trainingSource(): TrainingSource {
    const { training, languageFiles } = this.#settings.current;
    return {
      paths: this.#folders,
      exclude: this.#excluded,
      only: languageFiles.only,
      minutes: training.minutes,
    };
  }

  /** Trains although nobody asked for it, if that is allowed, and reports a model that came of it. */
  async #trainByItself(reason: Reason): Promise<void> {
    // A run that starts from nothing is for the user to decide.
    if (!this.#mayTrainByItself || !this.#workspace.hasNetwork) return;
    const result = await this.#training.trainByItself(this.#trainingSource, reason);
    if (result?.outcome === "installed")
      this.#report.inform(t("{0} Murmur: Restore Previous Model undoes this.", result.message));
  }

  get #mayTrainByItself(): boolean {
    const { isKnown, current } = this.#settings;
    return isKnown && current.enabled && this.#folders.length > 0;
  }

  get #idleMinutes(): number | undefined {
    const { whenIdle, idleMinutes } = this.#settings.current.training;
    return whenIdle && this.#mayTrainByItself ? idleMinutes : undefined;
  }

  async #end(): Promise<void> {
    this.#idle[Symbol.dispose]();
    this.#completions.reportStatistics();
    await this.#playground.close();
    await this.#training.interrupt();
    await this.#workspace.close();
  }
}

function notConfigured(): string {
  return t("The editor has not sent its settings, which may exclude files. Wait a moment and try again.");
}
