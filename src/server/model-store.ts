import { createHash } from "node:crypto";
import { rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { MurmurError, messageOf } from "../errors.ts";
import { LanguageModel } from "../model/language-model.ts";
import { findDefaultModel } from "../model/shipped.ts";
import { deleteFile, makeFolder, removeUnfinished } from "../output-file.ts";
import { lockOutput } from "../training/output-lock.ts";

export interface LoadedModel {
  readonly model: LanguageModel;
  readonly path: string;
  /** For a person: which model it is and, of the workspace's, how good. */
  readonly description: string;
}

/** What is kept of one workspace: the model trained on it, if there is one, beside the one that comes with Murmur. */
export class ModelStore {
  readonly #folder: string;

  /** @param folder of this workspace's own files; made when something is written */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Where a training run is to write its result, and its checkpoint beside it. */
  get trainingPath(): string {
    return join(this.#folder, "training.onnx");
  }

  /** Where it is kept what the local model has learned. */
  get memoryPath(): string {
    return join(this.#folder, "local-model.bin");
  }

  get #workspacePath(): string {
    return join(this.#folder, "model.onnx");
  }

  /** @throws MurmurError ("storage") */
  async prepare(): Promise<void> {
    try {
      await makeFolder(this.#folder);
    } catch (cause) {
      throw new MurmurError(
        "storage",
        `The folder ${this.#folder}, where Murmur keeps what it learns of a workspace, can't be made (${messageOf(cause)}). Check what stands at that path and who may write there.`,
        { cause },
      );
    }
  }

  /**
   * The workspace's model, or else the default one.
   * @param warn is told of a workspace model that is no good
   * @throws MurmurError if there is no model that works
   */
  async load(warn: (message: string) => void): Promise<LoadedModel> {
    try {
      return await loadTrained(this.#workspacePath);
    } catch (error) {
      const code = error instanceof MurmurError ? error.code : undefined;
      if (code === "no-runtime") throw error;
      if (code !== "not-found") warn(`${messageOf(error)} The default model answers until then.`);
    }
    return await this.loadDefault();
  }

  /** The model that comes with Murmur. @throws MurmurError if it is missing or does not work */
  async loadDefault(): Promise<LoadedModel> {
    const path = findDefaultModel();
    // How good it is was measured on other text: the figure says nothing here, beside those of a training run.
    if (path) return { model: await LanguageModel.load(path), path, description: "default model" };
    throw new MurmurError(
      "not-found",
      "There is no model: models/default.onnx is missing. Install Murmur again, or train on the workspace.",
    );
  }

  /** Puts the result of a run in the place of the workspace's model. @throws MurmurError ("storage") */
  async install(): Promise<LoadedModel> {
    const loaded = await loadTrained(this.trainingPath);
    try {
      await rename(this.trainingPath, this.#workspacePath);
    } catch (cause) {
      await loaded.model.release();
      throw new MurmurError(
        "storage",
        `The trained model can't be moved to ${this.#workspacePath} (${messageOf(cause)}).`,
        { cause },
      );
    }
    return { ...loaded, path: this.#workspacePath };
  }

  /** Deletes the workspace's model. @throws if it can't be deleted, or another server of the same folders is training: its result would replace it */
  async reset(): Promise<void> {
    await this.prepare();
    await using _ = await lockOutput(this.trainingPath);
    await deleteFile(this.#workspacePath);
  }

  /** Removes what a run has left, as far as that can be done: the next run writes over it anyway. */
  async discard(): Promise<void> {
    // Another server of the same folders may be training.
    await using lock = await lockOutput(this.trainingPath).catch(() => undefined);
    if (!lock) return;
    for (const path of [this.trainingPath, `${this.trainingPath}.checkpoint`]) {
      await rm(path, { force: true }).catch(() => undefined);
      await removeUnfinished(path, 0);
    }
  }
}

async function loadTrained(path: string): Promise<LoadedModel> {
  const model = await LanguageModel.load(path);
  const { bitsPerChar } = model.info.training.heldOut;
  const description = `model of this workspace, ${bitsPerChar.toFixed(2)} bits per character on held-out files`;
  return { model, path, description };
}

/** A folder for a workspace's model where the editor names none: one for each set of folders, under the user's data. */
export function fallbackFolder(workspaceFolders: readonly string[]): string {
  const data = process.env["XDG_DATA_HOME"] ?? join(homedir(), ".local", "share");
  const key = createHash("sha256")
    .update([...workspaceFolders].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
  return join(data, "murmur", "workspaces", key);
}
