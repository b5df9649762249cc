import type { Connection } from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import type { CompletionService } from "./completion-service.ts";
import { exclusiveQueue } from "./exclusive.ts";
import type { LoadedModel, ModelStore } from "./model-store.ts";
import type { StatusReport } from "./status-report.ts";
import type { ReadingOptions } from "./workspace-files.ts";
import { WorkspaceMemory } from "./workspace-memory.ts";

export interface WorkspaceModelOptions {
  readonly connection: Connection;
  readonly completions: CompletionService;
  readonly report: StatusReport;
  readonly store: ModelStore;
  /** Whether the workspace's own model may be loaded. */
  readonly isTrusted: boolean;
  /** The file that the memory is kept in; undefined: it is not kept. */
  readonly memoryPath: string | undefined;
  /** What may be read of the workspace's files now; undefined: nothing. */
  readonly mayRead: () => Omit<ReadingOptions, "signal" | "skip"> | undefined;
}

/**
 * The model in use and what the workspace has taught, from the server's start to its end. What replaces or deletes either of them
 * (loading, resetting, installing, closing) and what starts from them runs one after another.
 */
export class WorkspaceModel {
  readonly #options: WorkspaceModelOptions;
  readonly #exclusively = exclusiveQueue();
  #loaded: LoadedModel | undefined;
  /** Undefined: the network answers alone. */
  #memory: WorkspaceMemory | undefined;

  constructor(options: WorkspaceModelOptions) {
    this.#options = options;
  }

  /** Whether what is learned outlasts this process. */
  get isKept(): boolean {
    return this.#memory?.isKept ?? false;
  }

  /** Which model is in use, for a person. */
  get description(): string {
    return this.#loaded?.description ?? "no model";
  }

  /** Loads the model, puts it in use, and begins to read the workspace. @throws MurmurError if there is no model that works */
  open(): Promise<void> {
    return this.#exclusively(async () => {
      const { store, report, isTrusted } = this.#options;
      this.#memory = await this.#openMemory();
      await this.#use(isTrusted ? await store.load((message) => report.warn(message)) : await store.loadDefault());
      this.#read();
    });
  }

  /** Deletes the workspace's model and all that was learned, and goes on with the default model. @throws if that can't be done */
  reset(): Promise<void> {
    return this.#exclusively(async () => {
      const { store, completions } = this.#options;
      const next = await store.loadDefault();
      try {
        await store.reset();
      } catch (error) {
        await next.model.release();
        throw error;
      }
      await this.#use(next);
      completions.stopLearning();
      try {
        await this.#memory?.reset();
      } finally {
        completions.learn();
        this.#read();
      }
    });
  }

  /** Puts the result of a training run in use, and in the place of the workspace's model. @throws MurmurError ("storage") */
  install(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#use(await this.#options.store.install());
      this.#read();
    });
  }

  /** Starts something from the model in use: by its path, if there is one. */
  start<T>(begin: (path: string | undefined) => T): Promise<T> {
    return this.#exclusively(() => begin(this.#loaded?.path));
  }

  /** Reads what is new in the workspace, as far as it may be read now; what may not be read any more is not read on. */
  readWorkspace(): Promise<void> {
    return this.#exclusively(async () => {
      await this.#memory?.stopReading();
      this.#read();
    });
  }

  /** Reads files again that were added or changed, and takes back those that are gone, soon. */
  follow(paths: readonly string[]): void {
    this.#memory?.follow(paths);
  }

  /** Looks soon at which files have changed, where nobody says. It is cheap to ask for it often. */
  lookAgain(): void {
    this.#memory?.lookAgain();
  }

  /** Ends reading, and saves what was learned. */
  close(): Promise<void> {
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
        onChange: () => report.update({ memory: this.#memory?.description }),
      });
    } catch (error) {
      report.warn(`${messageOf(error)} Until then Murmur does not learn from the workspace's text.`);
      return undefined;
    }
  }

  async #use(loaded: LoadedModel): Promise<void> {
    const { connection, completions, report } = this.#options;
    const former = this.#loaded;
    this.#loaded = loaded;
    // A rehearsal reads with the former model.
    await this.#memory?.stopReading();
    await completions.use(loaded.model, this.#memory);
    await former?.model.release();
    connection.console.info(`Completing with the ${loaded.description} (${loaded.path}).`);
    report.update({ model: loaded.description });
  }

  /** Reads the workspace in the background, where the model can be mixed with what is read. */
  #read(): void {
    const { engine } = this.#options.completions;
    const options = this.#options.mayRead();
    if (engine && options && engine.model.tokenizer.kind === "byte") this.#memory?.readWorkspace(engine, options);
  }
}
