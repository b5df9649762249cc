import { extensionOf, isOfNotebook, languageOf, type NamedText } from "../../languages.ts";
import type { DecodedCharacter } from "./decoder.ts";

/** The origin of a line is decided after this many characters without blanks, if the origin of enough of them is known. */
const decisive = 6;
const fewestKnown = 3;

/** Languages that are embedded in one another. */
const families: readonly (readonly string[])[] = [["javascript", "typescript", "html", "css"]];
/** Languages in which any other may be embedded. */
const open: ReadonlySet<string> = new Set(["markdown", "prose"]);

/**
 * Whether a text is in a language that does not belong in a document. A text of unknown language belongs everywhere, and so does a file
 * in one with the same extension.
 */
export function isForeignTo(document: NamedText, text: NamedText | undefined): boolean {
  const [own, other] = [languageOf(document), text && languageOf(text)];
  if (!text || own === undefined || other === undefined || own === other || open.has(own) || open.has(other))
    return false;
  const areAlike = extensionOf(document.name) === extensionOf(text.name) && extensionOf(text.name) !== "";
  if (areAlike && !isOfNotebook(text.name)) return false;
  return !families.some((family) => family.includes(own) && family.includes(other));
}

/**
 * Finds a foreign line at the end of a continuation: one that the continuation began, and whose first characters all come from
 * texts in another language, as far as their origin is known.
 * @returns the beginning of the line, in UTF-16 units; undefined if it belongs here, or this is not the point at which to decide
 */
export function foreignLine(
  characters: readonly DecodedCharacter[],
  lineStart: string,
  isForeign: (position: number) => boolean,
): number | undefined {
  const line: DecodedCharacter[] = [];
  let begins = characters.length;
  for (; begins > 0; begins--) {
    const character = characters[begins - 1];
    if (!character || character.text === "\n") break;
    if (character.text.trim() !== "") line.push(character);
    if (line.length > decisive) return undefined;
  }
  if (line.length < decisive || characters.at(-1)?.text.trim() === "") return undefined;
  if (begins === 0 && lineStart.trim() !== "") return undefined;
  const sources = line.flatMap(({ before, tokens }) => before.sourceOf(tokens[0] ?? 0) ?? []);
  if (sources.length < fewestKnown || !sources.every(isForeign)) return undefined;
  return characters.slice(0, begins).reduce((length, { text }) => length + text.length, 0);
}
