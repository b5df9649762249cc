import { realpath, stat } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { readSmallText } from "../../regular-file.ts";
import { type GitConfig, readGitConfig } from "./git-config.ts";
import { type Repository, repositoryAt, repositoryOf } from "./git-repository.ts";
import { heaviest, type IgnoreRules, parseIgnoreRules } from "./ignore-rules.ts";

/** The rules that decide which files of a folder git ignores. */
export interface IgnoreScope {
  /** The folder's path in its repository: empty, or with "/" after each part. */
  readonly prefix: string;
  readonly ignoreCase: boolean;
  /** The last layer with a verdict on a path decides. */
  readonly layers: readonly Layer[];
  /** The sum of the layers' weights. */
  readonly weight: number;
}

interface Layer {
  /** The prefix of the folder that the rules apply to. */
  readonly prefix: string;
  readonly rules: IgnoreRules;
}

/** The most work for one name, as the weight of its rules times its length: some tens of milliseconds. */
const mostWork = 1 << 23;

/**
 * The rules for a folder that is read on its own: its .gitignore file, those above it up to the root of its repository, and the rules of
 * the repository and of the user (gitignore(5)). Without a repository, the folder counts as the root of one. So does a folder that its
 * repository ignores, because it is not part of the repository: a folder of data, for example, or a folder in a versioned home.
 * @throws Error if some rules can't be read, because it is then unknown what they exclude
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
 * The rules for a folder within another.
 * @param parent the rules for the outer folder
 * @param has whether the folder may contain an entry with this name; avoids looking for files that are not there
 * @throws Error if some rules can't be read
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

/**
 * Whether git ignores a file or folder in a scope's folder, given that it does not ignore that folder. A path that is so long, below rules
 * that are so many, that matching would take too long counts as ignored.
 */
export function isIgnored({ prefix, layers, weight }: IgnoreScope, name: string, isFolder: boolean): boolean {
  const path = prefix + name;
  if (weight * path.length > mostWork) return true;
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
  const none: IgnoreScope = { prefix: "", ignoreCase, layers: [], weight: 0 };
  return await withRulesIn(root, layers.reduce(withLayer, none));
}

async function withRulesIn(folder: string, scope: IgnoreScope): Promise<IgnoreScope> {
  // Git does not follow a .gitignore file that is a link.
  const rules = await readRules(join(folder, ".gitignore"), scope.ignoreCase, { followLinks: false });
  return rules ? withLayer(scope, rules) : scope;
}

/** @throws Error if there are so many rules that matching would be too slow */
function withLayer(scope: IgnoreScope, rules: IgnoreRules): IgnoreScope {
  const weight = scope.weight + rules.weight;
  if (weight > heaviest) throw new Error("too many ignore rules");
  return { ...scope, layers: [...scope.layers, { prefix: scope.prefix, rules }], weight };
}

async function readRules(
  path: string,
  ignoreCase: boolean,
  options: { readonly followLinks?: boolean } = {},
): Promise<IgnoreRules | undefined> {
  const text = await readSmallText(path, options);
  return text === undefined ? undefined : parseIgnoreRules(text, ignoreCase);
}

/** The user's own rules. They may be unreadable, in a sandbox for example, which must not prevent every folder from being read. */
async function personalRules({ excludesFile }: GitConfig, ignoreCase: boolean): Promise<IgnoreRules | undefined> {
  return excludesFile === undefined ? undefined : await readRules(excludesFile, ignoreCase).catch(() => undefined);
}

/** Whether the file system ignores case in names. */
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
