import { setTimeout } from "node:timers/promises";
import { type CancellationToken, type Connection, DidChangeConfigurationNotification } from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import { ClientSettings } from "./client-settings.ts";
import { CompletionService } from "./completion-service.ts";
import { isExcluded } from "./exclusion.ts";
import type { Client } from "./initialization.ts";
import { isLearnable } from "./learnable.ts";
import { fallbackFolder, ModelStore } from "./model-store.ts";
import {
  type ResetResult,
  resetRequest,
  settingsSection,
  stopTrainingRequest,
  type TrainParams,
  type TrainResult,
  trainRequest,
} from "./protocol.ts";
import { StatusReport } from "./status-report.ts";
import { pathsOf } from "./uris.ts";
import { WatchedFiles } from "./watched-files.ts";
import { WorkspaceModel } from "./workspace-model.ts";
import { WorkspaceTraining } from "./workspace-training.ts";

/** Milliseconds that the model waits for the client's settings. */
const longestWait = 1_000;

/** What the client asks and tells, from the start of the server to its end, brought to the parts that answer. */
export class Session {
  readonly #connection: Connection;
  readonly #client: Client;
  readonly #report: StatusReport;
  readonly #settings: ClientSettings;
  readonly #completions: CompletionService;
  readonly #workspace: WorkspaceModel;
  readonly #training: WorkspaceTraining;
  readonly #watched: WatchedFiles;
  #openFolders: readonly string[];

  constructor(connection: Connection, client: Client) {
    const report = new StatusReport(connection);
    const store = new ModelStore(client.storagePath ?? fallbackFolder(client.folders));
    this.#connection = connection;
    this.#client = client;
    this.#report = report;
    this.#openFolders = client.folders;
    this.#settings = new ClientSettings(connection, client.canBeAsked, client.settings);
    const completions = new CompletionService(connection, {
      settings: () => this.#settings.current,
      mayLearn: (uri) => this.#mayLearn(uri),
      onDocument: (event, uri) => this.#watched.note(event, uri),
      isExcluded: (uri) => this.#isExcluded(uri),
      canRefresh: client.canRefresh,
    });
    this.#completions = completions;
    this.#workspace = new WorkspaceModel({
      connection,
      completions,
      report,
      store,
      isTrusted: client.isTrusted,
      // What belongs to no folder is kept for no later window.
      memoryPath: this.#folders.length > 0 ? store.memoryPath : undefined,
      mayRead: () => this.#mayRead(),
    });
    this.#watched = new WatchedFiles(connection, client.canWatchFiles, this.#workspace);
    this.#training = new WorkspaceTraining({ connection, report, store, workspace: this.#workspace });
  }

  /** Registers what is needed with the connection. */
  listen(): void {
    const connection = this.#connection;
    connection.onInitialized(() => this.#start());
    connection.onDidChangeConfiguration(({ settings }) => this.#configure(settings?.[settingsSection]));
    connection.onShutdown(() => this.#end());
    // A request without parameters has the token alone.
    connection.onRequest(trainRequest, (params: TrainParams | CancellationToken, token?: CancellationToken) =>
      token ? this.#train(params as TrainParams, token) : this.#train({}, params as CancellationToken),
    );
    connection.onRequest(stopTrainingRequest, () => this.#training.finish());
    connection.onRequest(resetRequest, () => this.#reset());
    this.#completions.listen();
    this.#watched.listen();
  }

  /** Loads the model. Nothing that a client may refuse or leave unanswered stands on the way. */
  async #start(): Promise<void> {
    const { canRegister, tellsOfFolders, isTrusted } = this.#client;
    if (canRegister) void this.#registerForSettings();
    if (tellsOfFolders) this.#followFolders();
    void this.#watched.start();
    if (!isTrusted) this.#report.update({ memory: "reads nothing of this workspace before it is trusted" });
    const configured = this.#configure();
    await Promise.race([configured, setTimeout(longestWait, undefined, { ref: false })]);
    try {
      await this.#workspace.open();
    } catch (error) {
      this.#report.fail(messageOf(error));
    }
  }

  async #registerForSettings(): Promise<void> {
    try {
      await this.#connection.client.register(DidChangeConfigurationNotification.type, {
        section: [settingsSection, "files.exclude", "search.exclude", "files.associations"],
      });
    } catch (error) {
      this.#connection.console.info(`The client does not tell of changed settings (${messageOf(error)}).`);
    }
  }

  #followFolders(): void {
    this.#connection.workspace.onDidChangeWorkspaceFolders(async ({ added, removed }) => {
      const [gone, come] = [removed, added].map((folders) => pathsOf(folders.map(({ uri }) => uri))) as [
        string[],
        string[],
      ];
      this.#openFolders = [...this.#openFolders.filter((folder) => !gone.includes(folder)), ...come];
      this.#completions.learn();
      await this.#workspace.readWorkspace();
    });
  }

  /** @param pushed the section, from a client that sends it by itself */
  async #configure(pushed?: unknown): Promise<void> {
    const former = JSON.stringify(this.#mayRead());
    for (const problem of await this.#settings.read(pushed)) this.#report.warn(problem);
    this.#completions.learn();
    if (JSON.stringify(this.#mayRead()) !== former) await this.#workspace.readWorkspace();
  }

  /** The folders that may be read: none of a workspace that is not trusted. */
  get #folders(): readonly string[] {
    return this.#client.isTrusted ? this.#openFolders : [];
  }

  /** Globs of files that nothing is learned from. */
  get #excluded(): string[] {
    const { exclude, training, languageFiles } = this.#settings.current;
    return [...this.#settings.hidden, ...exclude, ...training.exclude, ...languageFiles.off];
  }

  /** What may be read of the workspace: nothing while the settings are not known, completions are off, or there is no folder. */
  #mayRead() {
    const { isKnown, current } = this.#settings;
    if (!isKnown || !current.enabled || this.#folders.length === 0) return undefined;
    return {
      folders: this.#folders,
      exclude: this.#excluded,
      only: current.languageFiles.only,
      open: () => this.#completions.openPaths,
    };
  }

  /** Whether a document is one that nothing is suggested in. */
  #isExcluded(uri: string): boolean {
    return isExcluded(uri, this.#settings.current.exclude, this.#openFolders);
  }

  /** Whether anything may be learned from a document: completions are on in its language, and it is not left out. */
  async #mayLearn(uri: string): Promise<boolean> {
    const { isKnown, current } = this.#settings;
    if (!isKnown || !current.enabled || this.#isExcluded(uri)) return false;
    if (!(await this.#settings.isEnabledIn(uri))) return false;
    const { isKept } = this.#workspace;
    return await isLearnable(uri, { folders: this.#folders, exclude: this.#excluded, isKept });
  }

  async #reset(): Promise<ResetResult> {
    if (!this.#client.isTrusted) return { outcome: "failed", message: notTrusted };
    if (this.#training.isRunning) return { outcome: "failed", message: "Murmur is training. Stop that run first." };
    try {
      await this.#workspace.reset();
      return { outcome: "reset", message: "Murmur has forgotten this workspace, and begins to read it anew." };
    } catch (error) {
      return { outcome: "failed", message: messageOf(error) };
    }
  }

  async #train(params: TrainParams, token: CancellationToken): Promise<TrainResult> {
    if (!this.#client.isTrusted) return { outcome: "failed", message: notTrusted };
    if (this.#folders.length === 0)
      return { outcome: "failed", message: "There is no folder to train on. Open a folder first." };
    const { training, languageFiles } = this.#settings.current;
    const source = {
      paths: this.#folders,
      exclude: this.#excluded,
      only: languageFiles.only,
      minutes: training.minutes,
    };
    return await this.#training.train(source, params, token);
  }

  async #end(): Promise<void> {
    await this.#training.cancel();
    await this.#workspace.close();
  }
}

const notTrusted =
  "This workspace is not trusted: Murmur reads nothing of it, and keeps nothing. Trust the workspace first.";
