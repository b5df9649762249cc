import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { type GitConfig, readGitConfig } from "./git-config.ts";
import { type Repository, repositoryAt, repositoryOf } from "./git-repository.ts";
import { type IgnoreRules, parseIgnoreRules } from "./ignore-rules.ts";
import { readSmallText } from "./regular-file.ts";

/** The rules that say which files of a folder git ignores. */
export interface IgnoreScope {
  /** The folder's path in its repository: empty, or with "/" between its parts and after them. */
  readonly prefix: string;
  readonly ignoreCase: boolean;
  /** Of several that say something of a path, the last decides. */
  readonly layers: readonly Layer[];
}

interface Layer {
  /** The prefix of the folder that the rules are for. */
  readonly prefix: string;
  readonly rules: IgnoreRules;
}

/** Characters of rules with wildcards that apply to one name; the longest lists that people keep have a fifth of that. */
const heaviest = 1 << 16;

/**
 * The rules for a folder that is read by itself: its own .gitignore file, those above it up to the root of its repository, and those of the repository and
 * of the user (gitignore(5)). Where there is no repository the folder counts as the root of one; so does a folder that its repository
 * ignores, for it is no part of that: a folder of data, or one in a home that is kept in a repository.
 * @throws Error if there are rules that can't be read: what they leave out is not known
 */
export async function scopeOf(folder: string): Promise<IgnoreScope> {
  const real = await realpath(folder);
  const repository = await repositoryOf(real);
  const root = repository?.root ?? real;
  let scope = await scopeAtRoot(root, repository);
  let at = root;
  for (const name of relative(root, real).split(sep)) {
    if (name === "") continue;
    if (isIgnored(scope, name, true)) return await scopeAtRoot(real, undefined);
    at = join(at, name);
    scope = await withRulesIn(at, { ...scope, prefix: `${scope.prefix}${name}/` });
  }
  return scope;
}

/**
 * The rules for a folder in a folder.
 * @param parent the rules for the folder that it is in
 * @param has whether something of a name may be in it, so that what is not there need not be looked for
 * @throws Error if there are rules that can't be read
 */
export async function scopeWithin(
  parent: IgnoreScope,
  folder: string,
  has: (name: string) => boolean = () => true,
): Promise<IgnoreScope> {
  const repository = has(".git") ? await repositoryAt(folder) : undefined;
  if (repository) return await scopeAtRoot(folder, repository);
  const scope = { ...parent, prefix: `${parent.prefix}${basename(folder)}/` };
  return has(".gitignore") ? await withRulesIn(folder, scope) : scope;
}

/** Whether git ignores a file or a folder in the folder of a scope, if it does not ignore that. */
export function isIgnored({ prefix, layers }: IgnoreScope, name: string, isFolder: boolean): boolean {
  const path = prefix + name;
  for (let i = layers.length - 1; i >= 0; i--) {
    const layer = layers[i];
    const verdict = layer?.rules.verdict(path.slice(layer.prefix.length), isFolder);
    if (verdict) return verdict === "ignored";
  }
  return false;
}

async function scopeAtRoot(root: string, repository: Repository | undefined): Promise<IgnoreScope> {
  const config = await readGitConfig(repository);
  const ignoreCase = config.ignoreCase ?? (repository ? false : await isCaseIgnored(root));
  const common = repository?.commonDirectory;
  const layers = [
    await personalRules(config, ignoreCase),
    common ? await readRules(join(common, "info", "exclude"), ignoreCase) : undefined,
  ].filter((rules) => rules !== undefined);
  const none: IgnoreScope = { prefix: "", ignoreCase, layers: [] };
  return await withRulesIn(root, layers.reduce(withLayer, none));
}

async function withRulesIn(folder: string, scope: IgnoreScope): Promise<IgnoreScope> {
  // Git does not follow a .gitignore file that is a link.
  const rules = await readRules(join(folder, ".gitignore"), scope.ignoreCase, { followLinks: false });
  return rules ? withLayer(scope, rules) : scope;
}

/** @throws Error if the rules together are so many that matching would hold everything up */
function withLayer(scope: IgnoreScope, rules: IgnoreRules): IgnoreScope {
  const layers = [...scope.layers, { prefix: scope.prefix, rules }];
  if (layers.reduce((sum, layer) => sum + layer.rules.weight, 0) > heaviest) throw new Error("too many ignore rules");
  return { ...scope, layers };
}

async function readRules(
  path: string,
  ignoreCase: boolean,
  options: { readonly followLinks?: boolean } = {},
): Promise<IgnoreRules | undefined> {
  const text = await readSmallText(path, options);
  return text === undefined ? undefined : parseIgnoreRules(text, ignoreCase);
}

/** The user's own rules, which may be out of reach: in a sandbox, for example. That must not keep every folder from being read. */
async function personalRules({ excludesFile }: GitConfig, ignoreCase: boolean): Promise<IgnoreRules | undefined> {
  return excludesFile === undefined ? undefined : await readRules(excludesFile, ignoreCase).catch(() => undefined);
}

/** Whether the file system takes names that differ in case for the same. */
async function isCaseIgnored(folder: string): Promise<boolean> {
  const name = basename(folder);
  const other = name === name.toUpperCase() ? name.toLowerCase() : name.toUpperCase();
  if (other === name) return false;
  const [one, two] = await Promise.all([
    stat(folder, { bigint: true }),
    stat(join(dirname(folder), other), { bigint: true }).catch(() => undefined),
  ]);
  return one.ino === two?.ino && one.dev === two.dev;
}
