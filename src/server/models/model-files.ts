import { stat } from "node:fs/promises";
import { join } from "node:path";
import { MurmurError, messageOf } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { ModelInfo } from "../../model/info.ts";
import { decodeModelFile, readModelFile } from "../../model/model-file.ts";
import { findDefaultModel } from "../../model/shipped.ts";
import { deleteFile, writeWhole } from "../../output-file.ts";
import { decidingBits } from "../../training/events.ts";
import { type FormerModel, longestModelName, type ModelEntry } from "../models-protocol.ts";
import { FormerModels } from "./former-models.ts";
import type { Origin } from "./loaded-model.ts";
import { ModelLabels } from "./model-labels.ts";
import type { TeamModel } from "./team-model.ts";

/** The ids of the models that are not among the former ones. */
export const ids = { default: "default", team: "team", own: "own" } as const;

/** A model's file and its id. */
interface ModelFile {
  readonly id: string;
  readonly kind: ModelEntry["kind"];
  /** Undefined if it is missing. */
  readonly path: string | undefined;
  /** The path that `murmur.model` names. */
  readonly file?: string;
}

/** The files of the models that a workspace can use: its own, those that it replaced, the one that `murmur.model` names, and the default one. */
export class ModelFiles {
  /** Of the workspace's own model. */
  readonly ownPath: string;
  readonly former: FormerModels;
  readonly labels: ModelLabels;
  /** Finds the model that `murmur.model` names. @throws MurmurError as findTeamModel */
  readonly team: () => Promise<TeamModel | undefined>;

  /** @param folder holds the workspace's files */
  constructor(folder: string, team: () => Promise<TeamModel | undefined>) {
    this.ownPath = join(folder, "model.onnx");
    this.former = new FormerModels(folder);
    this.labels = new ModelLabels(join(folder, "models.json"));
    this.team = team;
  }

  /** The models: the workspace's own, those that it replaced, the latest first, that of `murmur.model`, and the default one. @param inUse where the one in use comes from */
  async list(inUse: Origin | undefined): Promise<ModelEntry[]> {
    const entries = await Promise.all((await this.#files()).map((file) => this.#describe(file, file.kind === inUse)));
    return entries.filter((entry) => entry !== undefined);
  }

  /** The models that can be restored, the one that was replaced last first, and then what the workspace's own was used instead of. */
  async formerModels(): Promise<FormerModel[]> {
    const entries = await this.list(undefined);
    const former = entries.filter(({ kind, problem }) => kind === "former" && problem === undefined);
    const base = entries.find(({ kind, problem }) => kind === "team" && problem === undefined);
    const hasOwn = entries.some(({ kind }) => kind === "own");
    const restorable = former.map(({ id, name, trained, bitsPerChar }) => ({
      id,
      ...(name !== undefined && { name }),
      ...(trained !== undefined && { trained }),
      ...(bitsPerChar !== undefined && { bitsPerChar }),
    }));
    if (!hasOwn) return restorable;
    return [...restorable, base ? { id: base.id, name: base.file ?? base.id } : { id: ids.default }];
  }

  /** The path of a model. @throws MurmurError ("not-found") if there is none by that id */
  async pathOf(id: string): Promise<string> {
    const path = (await this.#files()).find((file) => file.id === id)?.path;
    if (path !== undefined) return path;
    throw new MurmurError("not-found", t("This model is no longer there. Choose another one."));
  }

  /** Whether the user has named a model, given the path of its file. */
  async isNamed(path: string): Promise<boolean> {
    try {
      return (await this.labels.of(await readModelFile(path))).name !== undefined;
    } catch {
      return false;
    }
  }

  /** Names a model, or takes its name away. @throws MurmurError ("bad-option", "not-found", "storage") */
  async rename(id: string, name: string): Promise<void> {
    if (id === ids.default || id === ids.team)
      throw new MurmurError(
        "bad-option",
        t("Only the models of this workspace have names. Export this one to name it."),
      );
    const given = name.trim();
    if (given.length > longestModelName || /\p{Cc}/u.test(given))
      throw new MurmurError(
        "bad-option",
        t("A name is one line of at most {0} characters. Shorten it.", longestModelName),
      );
    await this.labels.change(await readModelFile(await this.pathOf(id)), { name: given === "" ? undefined : given });
  }

  /** Deletes a former model. @throws MurmurError ("bad-option") if it is another one; ("not-found", "storage") */
  async delete(id: string): Promise<void> {
    if (id === ids.default)
      throw new MurmurError("bad-option", t("The default model can't be deleted. It comes with Murmur."));
    if (id === ids.team)
      throw new MurmurError(
        "bad-option",
        t("This model belongs to the repository. Clear the setting murmur.model instead."),
      );
    if (id === ids.own)
      throw new MurmurError(
        "bad-option",
        t("This model is in use. Use another one first, or reset the workspace's model."),
      );
    await deleteFile(await this.pathOf(id));
  }

  /** Writes a model to a file of the user's. @throws MurmurError ("not-found", "storage") */
  async export(id: string, target: string): Promise<void> {
    await writeWhole(target, await readModelFile(await this.pathOf(id)), { isForUser: true });
  }

  async #files(): Promise<ModelFile[]> {
    const team = await this.team().catch(() => undefined);
    const former = await Promise.all(
      (await this.former.ids()).map(async (id) => ({
        id,
        kind: "former" as const,
        path: await this.former.pathOf(id),
      })),
    );
    return [
      { id: ids.own, kind: "own", path: this.ownPath },
      ...former,
      ...(team ? [{ id: ids.team, kind: "team" as const, path: team.path, file: team.name }] : []),
      { id: ids.default, kind: "default", path: findDefaultModel() },
    ];
  }

  /** @returns undefined if the workspace has no such model */
  async #describe({ id, kind, path, file }: ModelFile, isInUse: boolean): Promise<ModelEntry | undefined> {
    const found = path === undefined ? undefined : await stat(path).catch(() => undefined);
    if (path === undefined || !found?.isFile()) return undefined;
    const entry = { id, kind, isInUse, bytes: found.size, file };
    try {
      const bytes = await readModelFile(path);
      const { info } = decodeModelFile(bytes, path);
      const label = kind === "default" || kind === "team" ? { file } : await this.labels.of(bytes);
      return { ...entry, ...recordOf(info, kind), ...label };
    } catch (error) {
      return { ...entry, problem: messageOf(error) };
    }
  }
}

function recordOf(
  { architecture, training }: ModelInfo,
  kind: ModelEntry["kind"],
): Pick<ModelEntry, "network" | "trained" | "characters" | "bitsPerChar"> {
  const { cell, layers, hidden } = architecture;
  return {
    network: `${cell.toUpperCase()}, ${layers} × ${hidden}`,
    trained: training.date,
    characters: training.trainChars,
    // The default model's was measured on other text, so it would mislead next to those of the others.
    ...(kind !== "default" && { bitsPerChar: decidingBits(training.heldOut) }),
  };
}
