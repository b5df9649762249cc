import { basename, extname } from "node:path/posix";
import { languageOfName } from "../../languages.ts";
import type { DecodedCharacter } from "./decoder.ts";

/** So many characters of a line, blanks left out, say where it comes from, if so many of them are known. */
const decisive = 6;
const fewestKnown = 3;

/** Languages that hold, or are held in, one another. */
const families: readonly (readonly string[])[] = [["javascript", "typescript", "html", "css"]];
/** These may hold any other. */
const open: ReadonlySet<string> = new Set(["markdown", "prose"]);

const makefile = /^(?:gnu)?makefile$|\.mk$/i;

/**
 * Whether lines of a text have no place in a document, as it is in another language. A text without a name or an ending that says
 * its language is at home everywhere.
 */
export function isForeignTo(document: string, text: string | undefined): boolean {
  const [own, other] = [languageOf(document), text === undefined ? undefined : languageOf(text)];
  if (own === undefined || other === undefined || own === other || open.has(own) || open.has(other)) return false;
  return !families.some((family) => family.includes(own) && family.includes(other));
}

function languageOf(name: string): string | undefined {
  if (makefile.test(basename(name))) return "makefile";
  return languageOfName(name) ?? (extname(name).toLowerCase() || undefined);
}

/**
 * Whether the line that a continuation ends with, and begins, is one of a text in another language: what is known of where its
 * first characters come from says so, and nothing of it says otherwise.
 * @returns its beginning, in UTF-16 units; undefined if it is at home, or it is too early or too late to tell
 */
export function foreignLine(
  characters: readonly DecodedCharacter[],
  lineStart: string,
  isForeign: (position: number) => boolean,
): number | undefined {
  const begins = characters.findLastIndex(({ text }) => text === "\n") + 1;
  if (begins === 0 && lineStart.trim() !== "") return undefined;
  const line = characters.slice(begins).filter(({ text }) => text.trim() !== "");
  if (line.length !== decisive || characters.at(-1)?.text.trim() === "") return undefined;
  const sources = line.flatMap(({ before, tokens }) => before.sourceOf(tokens[0] ?? 0) ?? []);
  if (sources.length < fewestKnown || !sources.every(isForeign)) return undefined;
  return characters.slice(0, begins).reduce((length, { text }) => length + text.length, 0);
}
