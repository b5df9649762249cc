import { config, t } from "@vscode/l10n";

// The words of the user's language. The English text is the key of its translation, so that a program that names no language, such as
// the command line, is in English. Only this file knows the library.

/** The text in the user's language, with arguments in place of {0}, {1} and so on. */
export { t };

/** A language with its translations, by the English texts. */
export interface Language {
  /** Such as "sv", as the editor and Intl name it. */
  readonly tag: string;
  readonly texts: Readonly<Record<string, string>>;
}

export const english: Language = { tag: "en", texts: {} };

let current = english;

/** The language in use. */
export function currentLanguage(): Language {
  return current;
}

/** Uses a language from now on. What was said before stays as it is, so no module asks for a text when it is loaded. */
export function useLanguage(language: Language): void {
  current = language;
  config({ contents: language.texts });
}

/** A number as the language writes it. @param digits after the decimal point, all of which are shown; undefined: at most three */
export function formatNumber(value: number, digits?: number): string {
  const options = digits === undefined ? {} : { minimumFractionDigits: digits, maximumFractionDigits: digits };
  return value.toLocaleString(current.tag, options);
}

/** A date with its time, as the language writes them. */
export function formatDate(date: Date): string {
  return date.toLocaleString(current.tag, { dateStyle: "medium", timeStyle: "short" });
}
