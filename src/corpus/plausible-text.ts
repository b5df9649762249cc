import { count } from "./count.ts";

/**
 * Signs that bytes were decoded in a wrong encoding: a word whose letters are of two scripts, a sign that no word contains between two
 * letters, a Chinese or Korean character within a word, a capital that is not ASCII after a small letter, lines and blocks of DOS, narrow
 * Katakana, and control characters.
 */
const signs: readonly RegExp[] = [
  /\p{Script=Latin}(?=[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}])/gu,
  /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Hebrew}\p{Script=Arabic}\p{Script=Thai}](?=\p{Script=Latin})/gu,
  /(?<=\p{L})[¡¢£¤¥¦§¨«¬¯±²³¶¸¹»¼½¾¿ˇ˘˙˛˝ƒ„‚†‡‰‹›∙√≈](?=\p{L})/gu,
  /(?<=[a-z])[\p{Script=Han}\p{Script=Hangul}](?=[a-z])/gu,
  /(?<=\p{Ll})(?![A-Z])\p{Lu}/gu,
  /[\u2320\u2321\u2500-\u259F\uFF61-\uFF9F\x80-\x9F\uFFFD]/g,
];

/** The signs of a wrong encoding in a text: how many there are, and their share of the characters that are not ASCII. */
export function implausible(text: string): { readonly signs: number; readonly share: number } {
  const found = signs.reduce((sum, sign) => sum + count(text, sign), 0);
  return { signs: found, share: found / Math.max(1, count(text, /[^\0-\x7f]/gu)) };
}

/** Letters of Windows-1252 that are others in the encodings of Central Europe. */
const ambiguous = /[àèìòùñãõêûåæøïðþ¿¡]/giu;
/** Where languages of Western Europe have them, and those of Central Europe seldom do: in "città", "è", "più", "mañana", "não" and "¿qué". */
const western =
  /[àÀ](?!\p{L})|(?<!\p{L})[èÈ](?!\p{L})|(?<=i)ù(?!\p{L})|[ñÑ](?=[aeiouáéíóúAEIOU])|[ãÃ](?=[oeOE])|[õÕ](?=[eE])|(?<!\p{L})[¿¡](?=\p{L})/gu;
/** The same where both may have them. */
const perhaps = /[èìòùÈÌÒÙ](?!\p{L})/gu;

/** Whether a text that was decoded as Windows-1252 is in a language of Western Europe by the letters that tell it apart. */
export function isWestern(text: string): boolean {
  const strong = count(text, western);
  return strong > 0 && count(text.replace(western, ""), ambiguous) === count(text.replace(western, ""), perhaps);
}
