import { lstat } from "node:fs/promises";
import { isAbsolute, join, relative, sep } from "node:path";
import { type IgnoreScope, scopeOf, scopeWithin } from "./ignore/ignore-scope.ts";
import { isLeftOutByName, placeReason } from "./walk.ts";

/** What {@link walk} would do with a path: yield it as a file, even if it does not exist yet, or enter it as a folder. */
type Reached = "file" | "folder";

/** Gives what {@link walk} would do with a path; undefined if it leaves the path out. */
export type Reach = (path: string) => Promise<Reached | undefined>;

/**
 * The reach of {@link walk} in a folder. Each inner folder's rules are read once, so judging many paths takes little time. Later changes
 * of the rules are not seen: use it for paths that are judged at one time.
 */
export function reachIn(root: string, isExcluded: (name: string) => boolean): Reach {
  /** By path from the root: the rules in a folder; undefined if it is not entered. */
  const scopes = new Map<string, Promise<IgnoreScope | undefined>>();

  function scopeAt(names: readonly string[]): Promise<IgnoreScope | undefined> {
    const key = names.join("/");
    const scope = scopes.get(key) ?? readScope(names).catch(() => undefined);
    scopes.set(key, scope);
    return scope;
  }

  async function readScope(names: readonly string[]): Promise<IgnoreScope | undefined> {
    if (names.length === 0) return await scopeOf(root);
    if ((await judged(names, true)) !== "folder") return undefined;
    const outer = await scopeAt(names.slice(0, -1));
    return outer && (await scopeWithin(outer, join(root, ...names)));
  }

  /** @param isParent whether the path is a folder if it does not exist */
  async function judged(names: readonly string[], isParent: boolean): Promise<Reached | undefined> {
    const scope = await scopeAt(names.slice(0, -1));
    const name = names.at(-1);
    if (!scope || name === undefined) return undefined;
    const found = await lstat(join(root, ...names)).catch(() => undefined);
    const isFolder = found?.isDirectory() ?? isParent;
    // A link's target is read at its own path, if that is in the root.
    if (found && !isFolder && !found.isFile()) return undefined;
    const isLeftOut = isLeftOutByName(name, isFolder);
    if (isLeftOut || placeReason({ name, path: names.join("/"), isFolder }, scope, isExcluded)) return undefined;
    return isFolder ? "folder" : "file";
  }

  return async (path) => {
    const name = relative(root, path);
    if (name === "") return "folder";
    const names = name.split(sep);
    return isAbsolute(name) || names[0] === ".." ? undefined : await judged(names, false);
  };
}
