import { isAbsolute, relative, sep } from "node:path";
import { globMatcher } from "../corpus/ignore/globs.ts";
import { pathOf } from "../uris.ts";

/**
 * Whether globs exclude a document. A glob excludes it by matching its path, or the path of a folder that contains it, relative to the
 * workspace's folder. For a document outside all folders, the whole path is matched.
 */
export function isExcluded(uri: string, globs: readonly string[], folders: readonly string[]): boolean {
  const path = pathOf(uri);
  if (path === undefined || globs.length === 0) return false;
  const matches = globMatcher(globs);
  const names = folders.map((folder) => relative(folder, path)).filter(isInside);
  return (names.length > 0 ? names : [relative("/", path)]).some((name) => {
    const parts = name.split(sep);
    return parts.some((_, i) => {
      const part = parts.slice(0, i + 1).join("/");
      return matches(part) || (i < parts.length - 1 && matches(`${part}/`));
    });
  });
}

/** Whether a path is that of a folder, or of something in it. */
export function isWithin(path: string, folder: string): boolean {
  const name = relative(folder, path);
  return name === "" || isInside(name);
}

function isInside(name: string): boolean {
  return name !== "" && !isAbsolute(name) && name.split(sep)[0] !== "..";
}
