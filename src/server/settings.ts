import { z } from "zod";
import { eagernessLevels } from "./protocol.ts";

/** The settings that the server heeds, with their defaults. */
const schema = z.object({
  enabled: z.boolean().default(true),
  temperature: z.number().min(0).max(2).default(0),
  eagerness: z.enum(eagernessLevels).default("balanced"),
  maxCharacters: z.int().min(2).max(400).default(80),
  training: z
    .object({
      minutes: z.number().min(0.05).max(1440).default(3),
      exclude: z.array(z.string()).default([]),
    })
    .prefault({}),
});

export type Settings = z.infer<typeof schema>;

export const defaultSettings: Settings = schema.parse({});

export interface ParsedSettings {
  readonly settings: Settings;
  /** One sentence for each value that was no good; its default is used in its place. */
  readonly problems: readonly string[];
}

/** Reads the settings' section as an editor gives it. */
export function parseSettings(given: unknown): ParsedSettings {
  const stored = withoutNull(given);
  const parsed = schema.safeParse(stored);
  if (parsed.success) return { settings: parsed.data, problems: [] };
  const problems: string[] = [];
  for (const { path, message } of parsed.error.issues) {
    const name = path.join(".");
    problems.push(
      `The setting murmur.${name} is ${JSON.stringify(take(stored, path))}, which is not valid: ${message}. Its default is used.`,
    );
    remove(stored, path);
  }
  const repaired = schema.safeParse(stored);
  return { settings: repaired.success ? repaired.data : defaultSettings, problems };
}

type Tree = { [key: string]: unknown };

/** A copy of an object without the nulls that stand for "not set". */
function withoutNull(value: unknown): Tree {
  if (typeof value !== "object" || value === null) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== null)
      .map(([key, item]) => [key, typeof item === "object" && !Array.isArray(item) ? withoutNull(item) : item]),
  );
}

function take(tree: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (typeof value === "object" && value !== null ? (value as Tree)[String(key)] : undefined),
    tree,
  );
}

/** Removes a setting; for a part of an array, the array. */
function remove(tree: Tree, path: readonly PropertyKey[]): void {
  const names = path.filter((key) => typeof key === "string");
  const last = names.at(-1);
  const parent = take(tree, names.slice(0, -1));
  if (last !== undefined && typeof parent === "object" && parent !== null) delete (parent as Tree)[last];
}

/** The globs of `files.exclude` and `search.exclude` that are switched on. */
export function excludedGlobs(...sections: readonly unknown[]): string[] {
  return sections.flatMap((section) =>
    typeof section === "object" && section !== null
      ? Object.entries(section).flatMap(([glob, on]) => (on === true ? [glob] : []))
      : [],
  );
}
