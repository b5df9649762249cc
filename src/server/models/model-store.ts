import { createHash } from "node:crypto";
import { access, readFile, rename, rm } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, isAbsolute, join } from "node:path";
import { MurmurError, messageOf } from "../../errors.ts";
import { t } from "../../l10n.ts";
import { readModelFile } from "../../model/model-file.ts";
import {
  closeToOthers,
  deleteFile,
  makeFolder,
  removeUnfinished,
  unfinishedOf,
  writePrivately,
  writeWhole,
} from "../../output-file.ts";
import { lockOutput } from "../../training/output-lock.ts";
import { longestModelName } from "../models-protocol.ts";
import { assertUsable, type LoadedModel, loadShipped, loadTeam, loadTrained, withoutNetwork } from "./loaded-model.ts";
import { ids, ModelFiles } from "./model-files.ts";
import type { TeamModel } from "./team-model.ts";

/** Whether a file of the folder is one of these, by its name: a client may have given the server a folder in which it keeps files of its own. */
const isStored = (name: string): boolean =>
  /^(?:model|models|training|copy|local-model|trained-texts|runs|former-.*)\./.test(name);

/**
 * The stored files of one workspace: the model trained on it, if any, those that it replaced, and the memory. Falls back to the model that
 * comes with Murmur. Nobody else on the machine may read them, for they hold what was learned of the user's text.
 */
export class ModelStore {
  readonly files: ModelFiles;
  readonly #folder: string;

  /**
   * @param folder holds this workspace's files; created when something is first written
   * @param team finds the model that `murmur.model` names
   */
  constructor(folder: string, team: () => Promise<TeamModel | undefined>) {
    // Training writes here from a process of its own.
    writePrivately();
    this.#folder = folder;
    this.files = new ModelFiles(folder, team);
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

  /** Creates the folder. @throws MurmurError ("storage") if that fails */
  async prepare(): Promise<void> {
    try {
      await makeFolder(this.#folder);
      // A client may have made it after load, which says if this fails.
      await closeToOthers(this.#folder, isStored).catch(() => undefined);
    } catch (cause) {
      throw new MurmurError(
        "storage",
        t(
          "The folder {0}, where Murmur keeps what it learns of a workspace, can't be created ({1}). Check whether a file has that name and whether the folder above can be written.",
          this.#folder,
          messageOf(cause),
        ),
        { cause },
      );
    }
  }

  /**
   * Loads the workspace's model, or else the one that it starts from. Closes to others what is stored.
   * @param warn called with a message if the workspace's model can't be used, or no network can, or others can read what is stored
   */
  async load(warn: (message: string) => void): Promise<LoadedModel> {
    await closeToOthers(this.#folder, isStored).catch((error) => {
      warn(
        t(
          "Others on this machine may be able to read what Murmur has learned of this workspace ({0}). Make sure that {1}, and what is in it, belongs to you.",
          messageOf(error),
          this.#folder,
        ),
      );
    });
    try {
      return await loadTrained(this.files.ownPath);
    } catch (error) {
      const code = error instanceof MurmurError ? error.code : undefined;
      // Where no network can run, that is said once.
      if (code !== "not-found" && code !== "no-runtime")
        warn(t("{0} Until then, the default model is used.", messageOf(error)));
    }
    return await this.loadBase(warn);
  }

  /**
   * Loads the model that a workspace without one of its own uses: that of `murmur.model`, or else the default one.
   * @param warn called with a message if either can't be used, or no network can
   */
  async loadBase(warn: (message: string) => void): Promise<LoadedModel> {
    try {
      const team = await this.files.team();
      if (team) return await loadTeam(team);
    } catch (error) {
      if (!(error instanceof MurmurError && error.code === "no-runtime"))
        warn(t("{0} Until then, the default model is used.", messageOf(error)));
    }
    return await this.loadDefault(warn);
  }

  /** Changes whenever {@link loadBase} would load another model, or say something else. */
  async baseVersion(): Promise<string> {
    try {
      return (await this.files.team())?.version ?? "";
    } catch (error) {
      return messageOf(error);
    }
  }

  /**
   * Loads the model that comes with Murmur. Without it, the local model predicts alone.
   * @param warn called with a message if it can't be used
   */
  async loadDefault(warn: (message: string) => void): Promise<LoadedModel> {
    try {
      return await loadShipped();
    } catch (error) {
      warn(t("{0} Until then, Murmur completes from the text of the workspace alone.", messageOf(error)));
      return withoutNetwork();
    }
  }

  /** Replaces the workspace's model with the result of a run. @throws MurmurError ("storage") */
  async install(): Promise<LoadedModel> {
    return await this.#replace(this.trainingPath);
  }

  /** Makes a copy of a model file the workspace's model. @throws MurmurError ("not-found", "bad-model", "storage") */
  async installFile(path: string): Promise<LoadedModel> {
    return await this.#withCopy(path, async (copy, contents) => {
      const loaded = await this.#replace(copy);
      await this.files.labels.change(contents, { file: basename(path) }).catch(() => undefined);
      return loaded;
    });
  }

  /** Adds a copy of a model file to the former models, by the file's name. @throws MurmurError ("not-found", "bad-model", "storage") */
  async importFile(path: string): Promise<void> {
    await this.#withCopy(path, async (copy, contents) => {
      const file = basename(path);
      await this.files.labels.change(contents, { file, name: file.replace(/\.onnx$/, "").slice(0, longestModelName) });
      await this.files.former.keep(copy);
    });
  }

  /** Uses a copy of a model file in the workspace's folder, which is removed then. */
  async #withCopy<Result>(path: string, use: (copy: string, contents: Uint8Array) => Promise<Result>): Promise<Result> {
    const contents = await readModelFile(path);
    // What is wrong with the file is said by its own name.
    await assertUsable(path);
    await this.prepare();
    await writeWhole(this.#copyPath, contents);
    try {
      return await use(this.#copyPath, contents);
    } finally {
      await rm(this.#copyPath, { force: true }).catch(() => undefined);
    }
  }

  /** Makes a former model the workspace's again, or deletes the workspace's model in favour of the one that it starts from. @throws MurmurError */
  async restore(id: string): Promise<LoadedModel> {
    if (id !== ids.default && id !== ids.team) {
      const path = await this.files.former.pathOf(id);
      if (path !== undefined) return await this.#replace(path);
      throw new MurmurError("not-found", t("This model is no longer there. Choose another one."));
    }
    const loaded = id === ids.team ? await this.#loadTeam() : await this.#loadDefaultAsBase();
    try {
      await this.#keepTrained();
      await deleteFile(this.files.ownPath);
    } catch (error) {
      await loaded.model.release();
      throw error;
    }
    await this.#prune();
    return loaded;
  }

  async #loadTeam(): Promise<LoadedModel> {
    const team = await this.files.team();
    if (team) return await loadTeam(team);
    throw new MurmurError("not-found", t("The setting murmur.model names no model any more. Choose another one."));
  }

  async #loadDefaultAsBase(): Promise<LoadedModel> {
    const team = await this.files.team().catch(() => undefined);
    if (!team) return await loadShipped();
    throw new MurmurError(
      "bad-option",
      t(
        "murmur.model is {0}, and that model is used wherever the workspace has none of its own. Clear the setting to use the default model.",
        JSON.stringify(team.name),
      ),
    );
  }

  /** Replaces the workspace's model with that of a file, which is moved. The replaced one is kept for a while. @throws MurmurError */
  async #replace(path: string): Promise<LoadedModel> {
    const loaded = await loadTrained(path);
    let replaced: string;
    try {
      replaced = (await this.#keepTrained()) ?? ((await this.hasTeam()) ? ids.team : ids.default);
      await rename(path, this.files.ownPath);
    } catch (cause) {
      await loaded.model.release();
      throw new MurmurError(
        "storage",
        t("{0} can't be moved to {1} ({2}).", path, this.files.ownPath, messageOf(cause)),
        {
          cause,
        },
      );
    }
    await this.#prune();
    return { ...loaded, path: this.files.ownPath, replaced };
  }

  /** Whether `murmur.model` names a file that is there. */
  async hasTeam(): Promise<boolean> {
    return (await this.files.team().catch(() => undefined)) !== undefined;
  }

  async #prune(): Promise<void> {
    await this.files.former.prune((path) => this.files.isNamed(path));
  }

  /** @returns the id of the former model that the workspace's own becomes; undefined if there is none */
  async #keepTrained(): Promise<string | undefined> {
    return (await this.#hasTrained()) ? await this.files.former.keep(this.files.ownPath) : undefined;
  }

  /** Whether there is a model that was trained on this workspace. */
  async #hasTrained(): Promise<boolean> {
    return await exists(this.files.ownPath);
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
   * Deletes the workspace's model, those that it replaced, what an interrupted run left, the memory and the list of past runs, and whatever
   * was being written of them.
   * @throws MurmurError ("storage") if it can't be deleted; ("busy") if another server is training on the same folders: its result would replace it
   */
  async reset(): Promise<void> {
    await this.prepare();
    await using _ = await lockOutput(this.trainingPath);
    const models = [this.files.ownPath, ...(await this.files.former.paths()), this.trainingPath, this.#copyPath];
    const others = [this.#checkpointPath, this.#textsPath, this.files.labels.path, this.runsPath, this.memoryPath];
    for (const path of [...models, ...others]) {
      for (const written of [path, ...(await unfinishedOf(path))]) await deleteFile(written);
    }
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

/** The folder for a workspace's files if the editor names none: one for each set of folders, in the user's data folder. */
export function fallbackFolder(workspaceFolders: readonly string[]): string {
  const { XDG_DATA_HOME: named = "" } = process.env;
  // As its specification says, one that is empty or relative to some folder does not count.
  const data = isAbsolute(named) ? named : join(homedir(), ".local", "share");
  const key = createHash("sha256")
    .update([...workspaceFolders].sort().join("\n"))
    .digest("hex")
    .slice(0, 16);
  return join(data, "murmur", "workspaces", key);
}
