/**
 * Signs that bytes were decoded in a wrong encoding. A word whose letters are of two scripts, a sign between two letters, a Chinese or
 * Korean character within a word, a capital that is not ASCII after a small letter, lines and blocks of DOS, narrow Katakana, and control characters.
 */
const signs: readonly RegExp[] = [
  /\p{Script=Latin}(?=[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}])/gu,
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}](?=\p{Script=Latin})/gu,
  /(?<=[\p{Script=Latin}\p{Script=Cyrillic}])[^\p{L}\p{M}\p{N}\0-\x7f\u2010-\u2015\u2018\u2019\u2026](?=[\p{Script=Latin}\p{Script=Cyrillic}])/gu,
  /(?<=[a-z])[\p{Script=Han}\p{Script=Hangul}](?=[a-z])/gu,
  /(?<=\p{Ll})(?![A-Z])\p{Lu}/gu,
  /[\u2320\u2321\u2500-\u259F\uFF61-\uFF9F\x80-\x9F\uFFFD]/g,
];

/** How many of the characters that are not ASCII are signs of a wrong encoding, as a share. */
export function implausibility(text: string): number {
  const foreign = count(text, /[^\0-\x7f]/gu);
  return signs.reduce((sum, sign) => sum + count(text, sign), 0) / Math.max(1, foreign);
}

/**
 * Letters of Windows-1252 that are others in the encodings of Central Europe, where languages of Western Europe have them: grave accents at
 * the end of a word, as in Italian and Catalan, ñ before a vowel, ão, ãe and õe.
 */
const western = /[àèìòùÀÈÌÒÙ](?!\p{L})|[ñÑ](?=[aeiouáéíóúAEIOU])|[ãÃ](?=[oeOE])|[õÕ](?=[eE])/gu;
const ambiguous = /[àèìòùñãõêûåæøïðþ¿¡]/giu;

/** Whether a text that was decoded as Windows-1252 is in a language of Western Europe by the letters that tell it apart. */
export function isWestern(text: string): boolean {
  const letters = count(text, ambiguous);
  return letters > 0 && count(text, western) + count(text, /[¿¡](?=\p{L})/gu) === letters;
}

function count(text: string, pattern: RegExp): number {
  let found = 0;
  for (const _ of text.matchAll(pattern)) found++;
  return found;
}
