import { realpath, stat } from "node:fs/promises";
import { isAbsolute, join, normalize, relative, sep, win32 } from "node:path";
import { MurmurError } from "../../errors.ts";

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
  if (isAbsolute(name) || win32.isAbsolute(name))
    throw refused(name, "an absolute path. Give a path relative to a workspace folder, such as models/team.onnx");
  if (!isInside(normalize(name))) throw refused(name, "which leads out of the workspace folder. Give a path in it");
  for (const folder of folders) {
    const path = await realpath(join(folder, name)).catch(() => undefined);
    if (path === undefined) continue;
    const root = await realpath(folder).catch(() => folder);
    if (!isInside(relative(root, path)))
      throw refused(name, "a link that leads out of the workspace folder. Put the file itself there");
    const found = await stat(path).catch(() => undefined);
    if (!found?.isFile()) throw refused(name, "which is not a file. Give the path of a model file");
    return { name, path, version: `${path} ${found.mtimeMs} ${found.size}` };
  }
  throw new MurmurError(
    "not-found",
    `${setting(name)}, and no workspace folder has that file. Check the path, or whether the file is checked in.`,
  );
}

/** How messages begin that are about the setting. */
export function setting(name: string): string {
  return `murmur.model is ${JSON.stringify(name)}`;
}

/** Whether a normalised path relative to a folder names something in it. */
function isInside(path: string): boolean {
  const [first] = path.split(sep);
  return path !== "" && path !== "." && first !== ".." && !isAbsolute(path);
}

function refused(name: string, what: string): MurmurError {
  return new MurmurError("bad-option", `${setting(name)}, ${what}.`);
}
