/**
 * Whether a text, by its start, is data or minified code, which nobody writes by hand. Long lines alone do not show it: prose often
 * has a whole paragraph in a line.
 */
export function isGenerated(text: string): boolean {
  const lines = text.split(lineEnd);
  if (count(text, /./gsu) / lines.length <= longestMeanLine) return false;
  const long = lines.filter((line) => line.length > longestMeanLine);
  return mostOf(long, looksLikeJson) || !isProse(long.join("\n"));
}

/** Characters of a mean line up to which it does not matter what a text looks like. */
const longestMeanLine = 200;

/** The line ends of all systems, and those of Unicode. */
const lineEnd = /\r\n|[\n\v\f\r\u0085\u2028\u2029]/;

/**
 * Whether a text is made of words and little else. The limits lie between what was measured: in prose digits and the signs of code
 * are at most a twentieth of the characters, in minified code more than a sixth; words are 4 to 7 characters long, what minified
 * code has between two spaces 30 and more.
 */
function isProse(text: string): boolean {
  const chars = count(text, /./gsu);
  const letters = count(text, /[\p{L}\p{M}]/gu);
  const signs = count(text, /[\p{N}{}[\]<>=+*/\\|&^%$#@~`_";]/gu);
  const words = text.replace(scriptsWithoutSpaces, " ").match(/\S+/g) ?? [];
  const wordLength = words.reduce((sum, word) => sum + word.length, 0) / Math.max(1, words.length);
  return letters >= 0.6 * chars && signs <= 0.1 * chars && wordLength <= 12;
}

/** Their characters are no part of long words. */
const scriptsWithoutSpaces =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}]/gu;

function looksLikeJson(line: string): boolean {
  return /^\s*[[{]+\s*(["\]}]|-?\d)/.test(line);
}

function mostOf(lines: readonly string[], is: (line: string) => boolean): boolean {
  return lines.filter(is).length > lines.length / 2;
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
