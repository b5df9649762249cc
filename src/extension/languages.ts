import { extensions, workspace } from "vscode";
import { t } from "../l10n.ts";
import type { LanguageFiles } from "../server/protocol.ts";
import { isEnabledIn } from "./config.ts";

/** A language in an extension's package.json. */
interface Contribution {
  readonly id: string;
  readonly aliases?: readonly string[];
  readonly extensions?: readonly string[];
  readonly filenames?: readonly string[];
  readonly filenamePatterns?: readonly string[];
}

/** The language of files of no other language; no extension contributes it. */
const plainText: Contribution = { id: "plaintext", aliases: ["Plain Text"], extensions: [".txt"] };

/**
 * Which files belong to languages that completions are off in, by their names. The server reads files that are not open and does not
 * know the editor's languages.
 */
export function languageFiles(): LanguageFiles {
  const on: string[] = [];
  const off: string[] = [];
  const isOn = new Map<string, boolean>();
  for (const { id, globs } of languages()) {
    const isEnabled = isOn.get(id) ?? isEnabledIn({ languageId: id });
    isOn.set(id, isEnabled);
    (isEnabled ? on : off).push(...globs);
  }
  if (isEnabledIn({ languageId: plainText.id })) return { off };
  const isOff = new Set(off);
  return { off: [], only: on.filter((glob) => !isOff.has(glob)) };
}

/** The languages, with globs of their files. A glob that the user has associated with a language counts for that language only. */
function languages(): { readonly id: string; readonly globs: readonly string[] }[] {
  const associations = workspace.getConfiguration("files").get<unknown>("associations");
  const chosen = Object.entries(associations ?? {}).flatMap(([pattern, id]) =>
    typeof id === "string" ? [{ id, globs: [globOf(pattern)] }] : [],
  );
  const taken = new Set(chosen.flatMap(({ globs }) => globs));
  const known = contributions().map((language) => ({
    id: language.id,
    globs: globsOf(language).filter((glob) => !taken.has(glob)),
  }));
  return [...chosen, ...known];
}

/** The language of the box for commit messages. */
const commitMessage: Contribution = { id: "scminput" };

function contributions(): Contribution[] {
  const others = extensions.all.flatMap(
    ({ packageJSON }) => (packageJSON?.contributes?.languages ?? []) as readonly Contribution[],
  );
  return [plainText, commitMessage, ...others];
}

/** A language as the editor shows it. */
export function languageName(languageId: string): string {
  if (languageId === commitMessage.id) return t("Commit Message");
  const named = contributions().find(({ id, aliases }) => id === languageId && aliases?.[0]);
  return named?.aliases?.[0] ?? languageId;
}

function globsOf({ extensions = [], filenames = [], filenamePatterns = [] }: Contribution): string[] {
  return [
    ...extensions.map((extension) => `**/*${literal(extension)}`),
    ...filenames.map((name) => `**/${literal(name)}`),
    ...filenamePatterns.map(globOf),
  ];
}

/** A glob of paths for one of the editor's patterns. A pattern without a slash matches names. */
function globOf(pattern: string): string {
  const extension = /^\*(\.[\w.+-]+)$/.exec(pattern)?.[1];
  if (extension !== undefined) return `**/*${literal(extension)}`;
  return pattern.includes("/") ? pattern : `**/${pattern}`;
}

/** A glob that matches one text, ignoring case. */
function literal(text: string): string {
  return text.replace(/[^\d._-]/g, (character) => {
    const [lower, upper] = [character.toLowerCase(), character.toUpperCase()];
    return lower === upper ? `\\${character}` : `[${lower}${upper}]`;
  });
}
