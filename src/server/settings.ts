import { z } from "zod";
import { eagernessLevels, settingsSection } from "./protocol.ts";

const globs = z.array(z.string().min(1));

/** The settings that the server uses, with their defaults. package.json declares the same settings to VS Code; a test keeps both in step. */
const schema = z.object({
  enabled: z.boolean().default(true),
  temperature: z.number().min(0).max(2).default(0),
  eagerness: z.enum(eagernessLevels).default("balanced"),
  maxCharacters: z.int().min(2).max(400).default(80),
  exclude: globs.default([]),
  training: z
    .object({
      minutes: z.number().min(0.05).max(1440).default(3),
      exclude: globs.default([]),
    })
    .prefault({}),
  /** Not a user's setting: the client derives it from `enabled` in each language. */
  languageFiles: z.object({ off: globs.default([]), only: globs.optional() }).prefault({}),
});

export type Settings = z.infer<typeof schema>;

export const defaultSettings: Settings = schema.parse({});

export interface ParsedSettings {
  readonly settings: Settings;
  /** One sentence for each invalid setting. Its default is used instead. */
  readonly problems: readonly string[];
}

/** Reads the settings' section as an editor sends it. */
export function parseSettings(given: unknown): ParsedSettings {
  if (given !== null && given !== undefined && !isTree(given)) {
    const problem = `The settings ${settingsSection} are ${JSON.stringify(given)}, which is not valid: expected an object. The defaults are used instead.`;
    return { settings: defaultSettings, problems: [problem] };
  }
  const stored = withoutNull(given ?? {});
  const parsed = schema.safeParse(stored);
  if (parsed.success) return { settings: parsed.data, problems: [] };
  const problems = new Map<string, string>();
  for (const { path, message } of parsed.error.issues) {
    // An array with one invalid element is invalid as a whole.
    const names = path.filter((key) => typeof key === "string");
    const name = names.join(".");
    if (problems.has(name)) continue;
    const [value, used] = [take(stored, names), take(defaultSettings, names)].map((one) => JSON.stringify(one));
    problems.set(
      name,
      `The setting ${settingsSection}.${name} is ${value}, which is not valid: ${message}. Its default, ${used}, is used instead.`,
    );
  }
  for (const name of problems.keys()) remove(stored, name.split("."));
  return { settings: schema.parse(stored), problems: [...problems.values()] };
}

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

/** The globs in `files.exclude` and `search.exclude` that are set to true. */
export function excludedGlobs(...sections: readonly unknown[]): string[] {
  return sections.flatMap((section) =>
    typeof section === "object" && section !== null
      ? Object.entries(section).flatMap(([glob, on]) => (on === true ? [glob] : []))
      : [],
  );
}
