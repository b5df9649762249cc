import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep, win32 } from "node:path";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";

/** The model that the setting `murmur.model` names: one that is checked in with the code, and that everybody starts from. */
export interface TeamModel {
  /** As the setting names it. */
  readonly name: string;
  /** Of the file. */
  readonly path: string;
  /** Changes whenever the file does. */
  readonly version: string;
}

/**
 * Finds the model that `murmur.model` names, in the first folder that has it.
 * @param name a path relative to a folder; empty: there is none
 * @returns undefined if none is named, or no folder is open
 * @throws MurmurError ("bad-option") that names the setting, if the path is absolute or leads out of its folder, also over links;
 *   ("not-found") if no folder has such a file
 */
export async function findTeamModel(name: string, folders: readonly string[]): Promise<TeamModel | undefined> {
  if (name === "" || folders.length === 0) return undefined;
  const shown = JSON.stringify(name);
  if (isAbsolute(name) || win32.isAbsolute(name))
    throw refused(
      t(
        "murmur.model is {0}, an absolute path. Give a path relative to a workspace folder, such as models/team.onnx.",
        shown,
      ),
    );
  if (!isInside(normalize(name)))
    throw refused(t("murmur.model is {0}, which leads out of the workspace folder. Give a path in it.", shown));
  for (const folder of folders) {
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path === undefined) continue;
    const root = await realpath(folder).catch(() => folder);
    if (!isInside(relative(root, path)))
      throw refused(
        t("murmur.model is {0}, a link that leads out of the workspace folder. Put the file itself there.", shown),
      );
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile())
      throw refused(t("murmur.model is {0}, which is not a file. Give the path of a model file.", shown));
    return { name, path, version: `${path} ${found.mtimeMs} ${found.size}` };
  }
  throw new MurmurError(
    "not-found",
    t(
      "murmur.model is {0}, and no workspace folder has that file. Check the path, or whether the file is checked in.",
      shown,
    ),
  );
}

/** Whether a normalised path relative to a folder names something in it. */
function isInside(path: string): boolean {
  const [first] = path.split(sep);
  return path !== "" && path !== "." && first !== ".." && !isAbsolute(path);
}

function refused(why: string): MurmurError {
  return new MurmurError("bad-option", why);
}
