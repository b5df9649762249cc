import * as z from "zod";
import { usualMaxCharacters } from "../completion/suggestion.ts";
import { t } from "../l10n.ts";
import { eagernessLevels, settingsSection, trainingLengths } from "./protocol.ts";

/** A longer glob is not a pattern that a person wrote, and too long for the matcher. */
const longestGlob = 1000;
const glob = z.string().min(1).max(longestGlob);
const globs = z.array(glob);
const longestPath = 1000;
/** The settings that are lists of globs. One invalid entry must not let in the files that the others leave out. */
const globLists = [["exclude"], ["training", "exclude"]] as const;

/** The length of a training run. */
export const trainingMinutes = z.number().min(trainingLengths.least).max(trainingLengths.most);

const scope = z.enum(["on", "quiet", "off"]);

/** The settings that the server uses, with their defaults. package.json declares the same settings to VS Code; a test keeps both in step. */
const schema = z.object({
  enabled: z.boolean().default(true),
  temperature: z.number().min(0).max(2).default(0),
  eagerness: z.enum(eagernessLevels).default("balanced"),
  maxCharacters: z.int().min(2).max(400).default(usualMaxCharacters),
  delay: z.int().min(0).max(2000).default(0),
  scopes: z
    .object({ comments: scope.default("on"), strings: scope.default("on"), prose: scope.default("on") })
    .prefault({}),
  commitMessages: z.boolean().default(true),
  exclude: globs.default([]),
  model: z.string().max(longestPath).default(""),
  training: z
    .object({
      minutes: trainingMinutes.default(3),
      exclude: globs.default([]),
      resume: z.boolean().default(false),
      whenIdle: z.boolean().default(false),
      idleMinutes: z.number().min(0.05).max(1440).default(10),
    })
    .prefault({}),
  /** Not a user's setting: the client derives it from `enabled` in each language. */
  languageFiles: z.object({ off: globs.default([]), only: globs.optional() }).prefault({}),
  /** Not a user's setting either: the URIs of the workspace's folders in which completions are off. */
  offFolders: z.array(z.string()).default([]),
});

export type Settings = z.infer<typeof schema>;

export const defaultSettings: Settings = schema.parse({});

export interface ParsedSettings {
  readonly settings: Settings;
  /** For each invalid setting, what it must be and what is used instead. */
  readonly problems: readonly string[];
}

/** Reads the settings' section as an editor sends it. */
export function parseSettings(given: unknown): ParsedSettings {
  if (given !== null && given !== undefined && !isTree(given)) {
    const [section, value] = [settingsSection, JSON.stringify(given)];
    const problem = t("{0} must be an object of settings (it is {1}). Using the defaults.", section, value);
    return { settings: defaultSettings, problems: [problem] };
  }
  const stored = withoutNull(given ?? {});
  const problems = new Map<string, string>();
  for (const names of globLists) keepValidGlobs(stored, names, problems);
  const parsed = schema.safeParse(stored);
  if (parsed.success) return { settings: parsed.data, problems: [...problems.values()] };
  for (const { path } of parsed.error.issues) {
    const names = path.filter((key) => typeof key === "string");
    problems.set(names.join("."), problemOf(names, take(stored, names)));
    remove(stored, names);
  }
  return { settings: schema.parse(stored), problems: [...problems.values()] };
}

/** Takes a single glob as a list of one, and leaves out the entries that are not globs. */
function keepValidGlobs(stored: Tree, names: readonly string[], problems: Map<string, string>): void {
  const value = take(stored, names);
  const parent = take(stored, names.slice(0, -1));
  const last = names.at(-1);
  if (!isTree(parent) || last === undefined) return;
  const name = names.join(".");
  if (glob.safeParse(value).success) {
    parent[last] = [value];
    problems.set(name, noList(`${settingsSection}.${name}`, value, [value]));
  }
  if (!Array.isArray(value)) return;
  const invalid = value.filter((entry) => !glob.safeParse(entry).success);
  if (invalid.length === 0) return;
  parent[last] = value.filter((entry) => !invalid.includes(entry));
  const shown = invalid.map((entry) => shortened(JSON.stringify(entry))).join(", ");
  problems.set(
    name,
    t(
      "{0} must be a list of globs of 1 to {1} characters. Leaving out {2}.",
      `${settingsSection}.${name}`,
      longestGlob,
      shown,
    ),
  );
}

function shortened(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 40)}…`;
}

/** A sentence that says what a setting must be, from the schema, what it is, and what is used instead. */
function problemOf(names: readonly string[], value: unknown): string {
  let schemaOf: JsonSchema | undefined = inputSchema;
  for (const name of names) schemaOf = schemaOf?.properties?.[name];
  const { type, enum: values, minimum: least = 0, maximum: most = 0 } = schemaOf ?? {};
  const fallback = take(defaultSettings, names);
  const name = [settingsSection, ...names].join(".");
  const [is, used] = [JSON.stringify(value), JSON.stringify(fallback)];
  if (values) {
    const all = values.map((one) => JSON.stringify(one)).join(", ");
    return t("{0} must be one of {1} (it is {2}). Using {3}.", name, all, is, used);
  }
  switch (type) {
    case "boolean":
      return t("{0} must be true or false (it is {1}). Using {2}.", name, is, used);
    case "integer":
      return t("{0} must be a whole number from {1} to {2} (it is {3}). Using {4}.", name, least, most, is, used);
    case "number":
      return t("{0} must be a number from {1} to {2} (it is {3}). Using {4}.", name, least, most, is, used);
    case "string":
      return t("{0} must be a path of at most {1} characters (it is {2}). Using {3}.", name, longestPath, is, used);
    case "array":
      return noList(name, value, fallback);
    default:
      return t("{0} must be an object of settings (it is {1}). Using {2}.", name, is, used);
  }
}

function noList(name: string, value: unknown, used: unknown): string {
  const [is, instead] = [JSON.stringify(value), JSON.stringify(used)];
  return t("{0} must be a list of globs (it is {1}). Using {2}.", name, is, instead);
}

/** The part of a JSON schema that {@link requirement} reads. */
interface JsonSchema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, JsonSchema | undefined>>;
}

const inputSchema = z.toJSONSchema(schema, { io: "input" }) as JsonSchema;

type Tree = { [key: string]: unknown };

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** A copy of an object without the nulls that stand for "not set". */
function withoutNull(value: Tree): Tree {
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, isTree(item) ? withoutNull(item) : item]),
  );
}

function take(tree: unknown, names: readonly string[]): unknown {
  return names.reduce<unknown>((value, name) => (isTree(value) ? value[name] : undefined), tree);
}

function remove(tree: Tree, names: readonly string[]): void {
  const last = names.at(-1);
  const parent = take(tree, names.slice(0, -1));
  if (last !== undefined && isTree(parent)) delete parent[last];
}

/** A longer glob of hidden files takes too long to match. */
const longestHidden = 10_000;

/**
 * The globs of the files that `files.exclude` and `search.exclude` hide: all files, if one is too long. One that hides only the files that have
 * another beside them (`when`) doesn't count: it would hide what somebody wrote beside what a compiler did.
 */
export function excludedGlobs(...sections: readonly unknown[]): string[] {
  return sections.filter(isTree).flatMap((section) =>
    Object.entries(section)
      .filter(([name, on]) => name !== "" && on === true)
      .map(([name]) => (name.length > longestHidden ? "**" : name)),
  );
}
