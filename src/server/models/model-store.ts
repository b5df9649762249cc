import { createHash } from "node:crypto";
import { access, chmod, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { MurmurError, messageOf } from "../../errors.ts";
import { LanguageModel, type LoadOptions, type Network, noNetwork } from "../../model/language-model.ts";
import { readModelFile } from "../../model/model-file.ts";
import { checkedDefaultModel } from "../../model/shipped.ts";
import { deleteFile, makeFolder, removeUnfinished, writeWhole } from "../../output-file.ts";
import { decidingBits } from "../../training/events.ts";
import { lockOutput } from "../../training/output-lock.ts";
import type { FormerModel } from "../protocol.ts";
import { FormerModels } from "./former-models.ts";

export interface LoadedModel {
  readonly model: Network & Pick<LanguageModel, "release">;
  /** Undefined where there is no network. */
  readonly path: string | undefined;
  /** Which model this is, within a sentence, and for a workspace's model how good it is. */
  readonly description: string;
  /** The same for the status: in the user's words. */
  readonly status: string;
  /** Whether it is a model of the workspace's own. */
  readonly isTrained: boolean;
  /** The id of the former model that it has replaced. */
  readonly replaced?: string | undefined;
}

/** What is used where no network can run: the local model predicts alone. */
const withoutNetwork: LoadedModel = {
  model: noNetwork,
  path: undefined,
  description: "text of this workspace alone, without a network",
  status: "Completes from the text of this workspace alone, without a network",
  isTrained: false,
};

/** The id of the model that comes with Murmur, among those that can be restored. */
const defaultId = "default";

/** The stored files of one workspace: the model trained on it, if any, those that it replaced, and the memory. Falls back to the model that comes with Murmur. */
export class ModelStore {
  readonly #folder: string;
  readonly #former: FormerModels;

  /** @param folder holds this workspace's files; created when something is first written */
  constructor(folder: string) {
    this.#folder = folder;
    this.#former = new FormerModels(folder);
  }

  /** Where a training run writes its result, with its checkpoint next to it. */
  get trainingPath(): string {
    return join(this.#folder, "training.onnx");
  }

  /** Where the local model's memory is saved. */
  get memoryPath(): string {
    return join(this.#folder, "local-model.bin");
  }

  get #checkpointPath(): string {
    return `${this.trainingPath}.checkpoint`;
  }

  /** Where the copy of a model file is written before it is used. */
  get #copyPath(): string {
    return join(this.#folder, "copy.onnx");
  }

  /** A record of the texts that the last run had; see ReadTexts. */
  get #textsPath(): string {
    return join(this.#folder, "trained-texts.txt");
  }

  /** Where the list of past runs is kept. */
  get runsPath(): string {
    return join(this.#folder, "runs.json");
  }

  get #workspacePath(): string {
    return join(this.#folder, "model.onnx");
  }

  /** Creates the folder, which nobody else on the machine may read: it holds what was learned of the user's text. @throws MurmurError ("storage") if that fails */
  async prepare(): Promise<void> {
    try {
      await makeFolder(this.#folder);
      // Another user's folder stays as that user wants it.
      await chmod(this.#folder, 0o700).catch(() => undefined);
    } catch (cause) {
      throw new MurmurError(
        "storage",
        `The folder ${this.#folder}, where Murmur keeps what it learns of a workspace, can't be created (${messageOf(cause)}). Check whether a file has that name and whether the folder above can be written.`,
        { cause },
      );
    }
  }

  /**
   * Loads the workspace's model, or else the default one.
   * @param warn called with a message if the workspace's model can't be used, or no network can
   */
  async load(warn: (message: string) => void): Promise<LoadedModel> {
    try {
      return await loadTrained(this.#workspacePath);
    } catch (error) {
      const code = error instanceof MurmurError ? error.code : undefined;
      // Where no network can run, that is said once.
      if (code !== "not-found" && code !== "no-runtime")
        warn(`${messageOf(error)} Until then, the default model is used.`);
    }
    return await this.loadDefault(warn);
  }

  /**
   * Loads the model that comes with Murmur. Without it, the local model predicts alone.
   * @param warn called with a message if it can't be used
   */
  async loadDefault(warn: (message: string) => void): Promise<LoadedModel> {
    try {
      return await loadShipped();
    } catch (error) {
      warn(`${messageOf(error)} Until then, Murmur completes from the text of the workspace alone.`);
      return withoutNetwork;
    }
  }

  /** Replaces the workspace's model with the result of a run. @throws MurmurError ("storage") */
  async install(): Promise<LoadedModel> {
    return await this.#replace(this.trainingPath);
  }

  /** Makes a copy of a model file the workspace's model. @throws MurmurError ("not-found", "bad-model", "storage") */
  async installFile(path: string): Promise<LoadedModel> {
    const contents = await readModelFile(path);
    // What is wrong with the file is said by its own name.
    await (await LanguageModel.load(path, loadOptions)).release();
    await this.prepare();
    await writeWhole(this.#copyPath, contents);
    try {
      return await this.#replace(this.#copyPath);
    } finally {
      await rm(this.#copyPath, { force: true }).catch(() => undefined);
    }
  }

  /** The models that can be restored, the one that was replaced last first. The default model is the last, unless it is in use. */
  async formerModels(): Promise<FormerModel[]> {
    const former = await this.#former.list();
    return (await this.#hasTrained()) ? [...former, { id: defaultId }] : former;
  }

  /** Makes a former model the workspace's again, or deletes the workspace's model in favour of the default one. @throws MurmurError */
  async restore(id: string): Promise<LoadedModel> {
    if (id !== defaultId) {
      const path = await this.#former.pathOf(id);
      if (path !== undefined) return await this.#replace(path);
      throw new MurmurError("not-found", "This model is no longer there. Choose another one.");
    }
    const loaded = await loadShipped();
    try {
      await this.#keepTrained();
      await deleteFile(this.#workspacePath);
    } catch (error) {
      await loaded.model.release();
      throw error;
    }
    await this.#former.prune();
    return loaded;
  }

  /** Replaces the workspace's model with that of a file, which is moved. The replaced one is kept for a while. @throws MurmurError */
  async #replace(path: string): Promise<LoadedModel> {
    const loaded = await loadTrained(path);
    let replaced = defaultId;
    try {
      replaced = (await this.#keepTrained()) ?? defaultId;
      await rename(path, this.#workspacePath);
    } catch (cause) {
      await loaded.model.release();
      throw new MurmurError("storage", `${path} can't be moved to ${this.#workspacePath} (${messageOf(cause)}).`, {
        cause,
      });
    }
    await this.#former.prune();
    return { ...loaded, path: this.#workspacePath, replaced };
  }

  /** @returns the id of the former model that the workspace's own becomes; undefined if there is none */
  async #keepTrained(): Promise<string | undefined> {
    return (await this.#hasTrained()) ? await this.#former.keep(this.#workspacePath) : undefined;
  }

  /** Whether there is a model that was trained on this workspace. */
  async #hasTrained(): Promise<boolean> {
    return await exists(this.#workspacePath);
  }

  /** Whether an interrupted run left a checkpoint. */
  async hasCheckpoint(): Promise<boolean> {
    return await exists(this.#checkpointPath);
  }

  /** Records, as far as possible, which texts a run had that has come to its end. @param texts see ReadTexts */
  async recordTexts(texts: string): Promise<void> {
    await writeWhole(this.#textsPath, texts).catch(() => undefined);
  }

  /** The record of the texts that the last run had; empty if there was none. */
  async recordedTexts(): Promise<string> {
    return await readFile(this.#textsPath, "latin1").catch(() => "");
  }

  /**
   * Deletes the workspace's model, those that it replaced, what an interrupted run left, and the list of past runs.
   * @throws MurmurError ("storage") if it can't be deleted, or another server is training on the same folders: its result would replace it
   */
  async reset(): Promise<void> {
    await this.prepare();
    await using _ = await lockOutput(this.trainingPath);
    const former = await this.#former.paths();
    const files = [
      this.#workspacePath,
      ...former,
      this.#checkpointPath,
      this.#textsPath,
      this.#copyPath,
      this.runsPath,
    ];
    for (const path of files) await deleteFile(path);
  }

  /** Deletes the files that a run left, as far as possible. The next run overwrites them anyway. */
  async discard(): Promise<void> {
    // Another server may be training on the same folders.
    await using lock = await lockOutput(this.trainingPath).catch(() => undefined);
    if (!lock) return;
    for (const path of [this.trainingPath, this.#checkpointPath]) {
      await rm(path, { force: true }).catch(() => undefined);
      await removeUnfinished(path, 0);
    }
  }
}

async function exists(path: string): Promise<boolean> {
  return await access(path).then(
    () => true,
    () => false,
  );
}

/** A keystroke costs a few steps of the network. In int8 they take a third of the time. */
const loadOptions: LoadOptions = { precision: "int8" };

/** @throws MurmurError if it is missing, not the file that was shipped, or can't be used here */
export async function loadShipped(): Promise<LoadedModel> {
  const path = await checkedDefaultModel();
  // Its quality was measured on other text, so the figure would mislead next to those of a training run.
  return {
    model: await LanguageModel.load(path, loadOptions),
    path,
    description: "default model",
    status: "Default model, not trained on this workspace yet",
    isTrained: false,
  };
}

async function loadTrained(path: string): Promise<LoadedModel> {
  const model = await LanguageModel.load(path, loadOptions);
  const bits = decidingBits(model.info.training.heldOut).toFixed(2);
  const description = `model of this workspace, ${bits} bits per character on its held-out text`;
  const date = new Date(model.info.training.date).toLocaleString(undefined, {
    dateStyle: "medium",
    timeStyle: "short",
  });
  return { model, path, description, status: `Model of this workspace, trained ${date}`, isTrained: true };
}

/** The folder for a workspace's files if the editor names none: one for each set of folders, in the user's data folder. */
export function fallbackFolder(workspaceFolders: readonly string[]): string {
  const data = process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  const key = createHash("sha256")
    .update([...workspaceFolders].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
  return join(data, "murmur", "workspaces", key);
}
