import { parse, resolve, type win32 } from "node:path";

/**
 * A path that a file names, resolved from a folder. On Windows, asking for a file on another machine signs the user in there, so any
 * repository could learn who opens it. Such a path is only followed from a folder that is on the same share.
 * @param paths the paths of the system
 * @returns undefined if the path leads to another machine or to a device
 */
export function namedPath(
  folder: string,
  path: string,
  paths: Pick<typeof win32, "parse" | "resolve"> = { parse, resolve },
): string | undefined {
  const resolved = paths.resolve(folder, path);
  const { root } = paths.parse(resolved);
  const isOwn = root.toLowerCase() === paths.parse(paths.resolve(folder)).root.toLowerCase();
  return isOwn || !/^[\\/]{2}/.test(root) ? resolved : undefined;
}
