import { characterCount } from "../boundary.ts";
import { count } from "./count.ts";

/**
 * Whether a text is data or minified code rather than written by hand, judged by its start. Long lines alone do not decide it: prose often
 * has a whole paragraph on one line.
 */
export function isGenerated(text: string): boolean {
  const lines = text.split(lineEnd);
  if (characterCount(text) / lines.length <= longestMeanLine) return false;
  const long = lines.filter((line) => line.length > longestMeanLine);
  return mostOf(long, looksLikeJson) || !isProse(long.join("\n"));
}

/** A text whose mean line is no longer than this, in characters, is never considered generated. */
const longestMeanLine = 200;

/** The line ends of all systems and of Unicode. */
const lineEnd = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * Whether a text consists of words and little else. The limits lie between measured values. Digits and code's signs are an eighth of the
 * characters in a bibliography, less in other prose, and more than a sixth in minified code. The mean word has 4 to 7 characters in prose, up to 18 where a language strings words together, and 30 or more
 * between two spaces in minified code.
 */
function isProse(source: string): boolean {
  const text = source.replace(address, "");
  const chars = characterCount(text);
  const letters = count(text, /[\p{L}\p{M}]/gu);
  const signs = count(text, /[\p{N}{}[\]<>=+*/\\|&^%$#@~`_";]/gu);
  const words = text.replace(scriptsWithoutSpaces, " ").match(/\S+/g) ?? [];
  const wordLength = words.reduce((sum, word) => sum + word.length, 0) / Math.max(1, words.length);
  return letters >= 0.55 * chars && signs <= 0.15 * chars && wordLength <= 20;
}

/** Matches a web address, as in a link of Markdown: prose that cites many is still prose. */
const address = /(?:https?:\/\/|www\.)[^\s"'`<>()[\]{}]+/gi;

/** Characters of these scripts are not counted as parts of long words. */
const scriptsWithoutSpaces =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Java}]/gu;

/** Prose may begin with a bracket too: `[00:12:30] Welcome`, `[12] Author: Title`, `["Quoted," she said]`, `[x] done`. */
function looksLikeJson(line: string): boolean {
  return json.test(line);
}

/** After a key or value comes the next one, or the end of its array or object. */
const nextItem = String.raw`,\s*["[{\d-]`;
const itemsEnd = String.raw`[\]}]\s*(?:[,\]}]|$)`;
/** A string may be longer than the line. */
const jsonString = String.raw`"(?:[^"\\]|\\.)*(?:$|"\s*(?::|${nextItem}|${itemsEnd}))`;
const jsonNumber = String.raw`-?\d[\d.eE+-]*\s*(?:${nextItem}|${itemsEnd})`;
/** Matches the beginning of an array or object. */
const json = new RegExp(String.raw`^\s*[[{]+\s*(?:${itemsEnd}|${jsonString}|${jsonNumber})`);

function mostOf(lines: readonly string[], is: (line: string) => boolean): boolean {
  return lines.filter(is).length > lines.length / 2;
}
