import { extensionOf, isOfNotebook, languageOf, type NamedText } from "../../languages.ts";
import type { DecodedCharacter } from "./decoder.ts";

/** The origin of a line is decided after this many characters without blanks, or later once the origin of enough of them is known. */
const decisive = 6;
const latest = 16;
const fewestKnown = 3;

/** Languages that are embedded in one another. */
const families: readonly (readonly string[])[] = [
  ["javascript", "typescript", "html"],
  ["html", "css"],
];
/** Languages in which any other may be embedded. */
const open: ReadonlySet<string> = new Set(["markdown", "prose"]);

/**
 * Whether a text is in a language that does not belong in a document. A text of unknown language belongs everywhere, and so does a file
 * in one with the same extension.
 */
export function isForeignTo(document: NamedText, text: NamedText | undefined): boolean {
  return text !== undefined && relationOf(document, text) === "foreign";
}

/**
 * Whether texts are known in languages that do not belong in a document, and none in its own. While it is empty, only the beginnings of
 * those texts could be suggested in it.
 */
export function areForeign(document: NamedText, others: readonly NamedText[]): boolean {
  const relations = new Set(others.map((text) => relationOf(document, text)));
  return relations.has("foreign") && !relations.has("own");
}

/** How a text's language relates to a document's. Any language may occur in prose, and prose in any. */
function relationOf(document: NamedText, text: NamedText): "own" | "foreign" | "any" {
  const [own, other] = [languageOf(document), languageOf(text)];
  if (own === undefined || other === undefined) return "any";
  if (own === other) return "own";
  if (open.has(own) || open.has(other)) return "any";
  const areAlike = extensionOf(document.name) === extensionOf(text.name) && extensionOf(text.name) !== "";
  if (areAlike && !isOfNotebook(text.name)) return "own";
  return families.some((family) => family.includes(own) && family.includes(other)) ? "own" : "foreign";
}

/**
 * Finds a foreign line at the end of a continuation: one that the continuation began, and whose first characters come from texts in
 * another language, as far as their origin is known: most of them and the last one.
 * @returns the beginning of the line, in UTF-16 units; undefined if it belongs here, or this is not the point at which to decide
 */
export function foreignLine(
  characters: readonly DecodedCharacter[],
  lineStart: string,
  isForeign: (position: number) => boolean,
): number | undefined {
  /** The line's characters, the last one first. */
  const line: DecodedCharacter[] = [];
  let begins = characters.length;
  for (; begins > 0; begins--) {
    const character = characters[begins - 1];
    if (!character || character.text === "\n") break;
    if (character.text.trim() !== "") line.push(character);
    if (line.length > latest) return undefined;
  }
  if (line.length < decisive || characters.at(-1)?.text.trim() === "") return undefined;
  if (begins === 0 && lineStart.trim() !== "") return undefined;
  const [last] = line;
  const sources = line.flatMap((character) => sourceOf(character) ?? []);
  const isKnownNow = sources.length === fewestKnown && last !== undefined && sourceOf(last) !== undefined;
  if (sources.length < fewestKnown || (line.length > decisive && !isKnownNow)) return undefined;
  const foreign = sources.map(isForeign);
  if (foreign[0] !== true || foreign.filter(Boolean).length * 2 <= foreign.length) return undefined;
  return characters.slice(0, begins).reduce((length, { text }) => length + text.length, 0);
}

function sourceOf({ before, tokens }: DecodedCharacter): number | undefined {
  return before.sourceOf(tokens[0] ?? 0);
}
