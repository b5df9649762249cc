import type { Connection } from "vscode-languageserver";
import { messageOf } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { CompletionService } from "../documents/completion-service.ts";
import { exclusiveQueue } from "../exclusive.ts";
import type { ReadingOptions } from "../reading/workspace-files.ts";
import { WorkspaceMemory } from "../reading/workspace-memory.ts";
import type { StatusReport } from "../status-report.ts";
import type { FilesRead } from "../training-protocol.ts";
import { type LoadedModel, loadShipped, type Origin } from "./loaded-model.ts";
import type { ModelStore } from "./model-store.ts";

/** Milliseconds after the last change of a file: one that is being written, as by git, changes several times. */
const changeSettles = 300;

export interface WorkspaceModelOptions {
  readonly connection: Connection;
  readonly completions: CompletionService;
  readonly report: StatusReport;
  readonly store: ModelStore;
  /** Whether the workspace's own model may be loaded. */
  readonly isTrusted: boolean;
  /** The file that the memory is saved in; undefined: it is not saved. */
  readonly memoryPath: string | undefined;
  /** Returns which files of the workspace may be read now; undefined: none. */
  readonly mayRead: () => Omit<ReadingOptions, "signal" | "skip"> | undefined;
}

/**
 * The model in use and the workspace's memory, from the server's start to its end. Operations that replace or delete either (loading,
 * resetting, installing, closing), or that start from them, run one after another.
 */
export class WorkspaceModel {
  readonly #options: WorkspaceModelOptions;
  readonly #exclusively = exclusiveQueue();
  #loaded: LoadedModel | undefined;
  /** The version of the model that the workspace uses without one of its own; see ModelStore.baseVersion. */
  #baseVersion = "";
  /** Undefined if the network answers alone. */
  #memory: WorkspaceMemory | undefined;

  #following: NodeJS.Timeout | undefined;

  readonly #warn = (message: string): void => this.#options.report.warn(message);

  constructor(options: WorkspaceModelOptions) {
    this.#options = options;
  }

  /** Whether the memory is saved. */
  get isKept(): boolean {
    return this.#memory?.isKept ?? false;
  }

  /** Whether a network predicts, and not the local model alone. */
  get hasNetwork(): boolean {
    return this.#loaded?.path !== undefined;
  }

  /** The path of the model in use, if it is the workspace's own or its team's. */
  get workspacePath(): string | undefined {
    return this.#loaded?.origin === "default" ? undefined : this.#loaded?.path;
  }

  /** What was read of the workspace, and whether it has a model of its own. */
  get filesRead(): FilesRead {
    const read = this.#memory?.filesRead ?? { languages: [], leftOut: "", isComplete: false };
    return { ...read, isTrained: this.#loaded?.origin === "own" };
  }

  /** Where the network in use comes from; undefined if there is none. */
  get origin(): Origin | undefined {
    return this.hasNetwork ? this.#loaded?.origin : undefined;
  }

  /** The model in use, for the log. */
  get description(): string {
    return this.#loaded?.description ?? "no model";
  }

  /** A sentence that says which model is in use now. */
  get news(): string {
    return this.#loaded?.news ?? "";
  }

  /** Loads and uses the model, and starts to read the workspace. */
  open(): Promise<void> {
    return this.#exclusively(async () => {
      const { store, isTrusted } = this.#options;
      this.#memory = await this.#openMemory();
      this.#baseVersion = await store.baseVersion();
      await this.#use(await (isTrusted ? store.load(this.#warn) : store.loadDefault(this.#warn)));
      this.#read();
    });
  }

  /**
   * Follows a change of the model that the workspace uses without one of its own. The workspace is read anew for another one. Cheap if
   * nothing has changed.
   */
  followBase(): Promise<void> {
    return this.#exclusively(async () => {
      const { store } = this.#options;
      if (!this.#loaded || this.#loaded.origin === "own") return;
      const version = await store.baseVersion();
      if (version === this.#baseVersion) return;
      this.#baseVersion = version;
      await this.#use(await store.loadBase(this.#warn));
      await this.#readAnewIfPossible();
    });
  }

  /** The same after files have changed, once they are written. Cheap to call often. */
  followBaseSoon(): void {
    clearTimeout(this.#following);
    this.#following = setTimeout(() => void this.followBase(), changeSettles).unref();
  }

  /**
   * Deletes the workspace's model and memory, and continues with the model that it started from.
   * @throws MurmurError ("storage") if that fails; ("not-found", "bad-model") if there is a network now, and the default model is no use
   */
  reset(): Promise<void> {
    return this.#exclusively(async () => {
      const { store } = this.#options;
      const version = await store.baseVersion();
      // What was trained is not deleted while there is nothing to take its place.
      const next = await (this.hasNetwork && !(await store.hasTeam()) ? loadShipped() : store.loadBase(this.#warn));
      try {
        await store.reset();
      } catch (error) {
        await next.model.release();
        throw error;
      }
      this.#baseVersion = version;
      await this.#use(next);
      await this.#readAnew();
    });
  }

  /**
   * Uses the result of a training run, and replaces the workspace's model with it. The workspace is read anew: how far to trust the former
   * network says little about this one.
   * @returns the id of the former model that it has replaced
   * @throws MurmurError ("storage")
   */
  install(): Promise<string | undefined> {
    return this.#exclusively(async () => {
      const loaded = await this.#options.store.install();
      await this.#use(loaded);
      await this.#readAnewIfPossible();
      return loaded.replaced;
    });
  }

  /** Uses a copy of a model file, and reads the workspace anew for it. @throws MurmurError ("storage", "not-found", "bad-model") */
  installFile(path: string): Promise<void> {
    return this.#exclusively(async () => {
      await this.#use(await this.#options.store.installFile(path));
      await this.#readAnewIfPossible();
    });
  }

  /** Changes something about the models that are not in use. */
  alone<T>(change: () => Promise<T>): Promise<T> {
    return this.#exclusively(change);
  }

  /** Uses a former model, and reads the workspace anew for it. @throws MurmurError ("storage", "not-found", …) */
  restore(id: string): Promise<void> {
    return this.#exclusively(async () => {
      const { store } = this.#options;
      await this.#use(await store.restore(id));
      this.#baseVersion = await store.baseVersion();
      await this.#readAnewIfPossible();
    });
  }

  /** Starts something with the path of the model in use, if there is one. */
  start<T>(begin: (path: string | undefined) => Promise<T>): Promise<T> {
    return this.#exclusively(() => begin(this.#loaded?.path));
  }

  /** Reads what is new in the workspace and may be read now. Ends an earlier reading. */
  readWorkspace(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#memory?.stopReading();
      this.#read();
    });
  }

  /** Soon reads files that were added or changed, and forgets those that are gone. */
  follow(paths: readonly string[]): void {
    this.#memory?.follow(paths);
  }

  /** Soon checks which files have changed, for clients that do not watch files. Cheap to call often. */
  lookAgain(): void {
    this.#memory?.lookAgain();
  }

  /** Ends reading and saves the memory. */
  close(): Promise<void> {
    clearTimeout(this.#following);
    return this.#exclusively(async () => {
      this.#options.completions.stopLearning();
      await this.#memory?.close();
    });
  }

  async #openMemory(): Promise<WorkspaceMemory | undefined> {
    const { connection, report, store, memoryPath } = this.#options;
    try {
      return await WorkspaceMemory.open({
        path: memoryPath,
        prepare: () => store.prepare(),
        log: connection.console,
        onChange: () => report.update({ memory: this.#memory?.description, isReading: this.#memory?.isReading }),
      });
    } catch (error) {
      report.warn(t("{0} Until then, Murmur does not learn from the workspace's text.", messageOf(error)));
      return undefined;
    }
  }

  async #use(loaded: LoadedModel): Promise<void> {
    const { connection, completions, report } = this.#options;
    const former = this.#loaded;
    this.#loaded = loaded;
    // A rehearsal uses the previous model.
    await this.#memory?.stopReading();
    await completions.use(loaded.model, this.#memory);
    await former?.model.release();
    connection.console.info(`Completing with the ${loaded.description} (${loaded.path ?? "no file"}).`);
    report.update({ model: loaded.status });
  }

  /** Forgets the workspace and reads it again. @throws MurmurError ("storage") if the saved memory can't be deleted */
  async #readAnew(): Promise<void> {
    const { completions } = this.#options;
    completions.stopLearning();
    try {
      await this.#memory?.reset();
    } finally {
      completions.learn();
      this.#read();
    }
  }

  /** The same after another model is in use, which a memory that can't be deleted does not change. */
  async #readAnewIfPossible(): Promise<void> {
    await this.#readAnew().catch((error) => this.#options.report.warn(messageOf(error)));
  }

  /** Reads the workspace in the background, if the model can be mixed with the memory. */
  #read(): void {
    const { engine } = this.#options.completions;
    const options = this.#options.mayRead();
    if (engine && options && engine.model.tokenizer.kind === "byte") this.#memory?.readWorkspace(engine, options);
  }
}
