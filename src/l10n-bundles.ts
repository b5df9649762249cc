import { readFileSync } from "node:fs";
import { join } from "node:path";
import { currentLanguage, english, type Language, useLanguage } from "./l10n.ts";

/** Tells a worker the language of the process that started it. */
const variable = "MURMUR_LANGUAGE";

/** Uses a client's language, if Murmur is translated into it, and otherwise English. @param tag such as "de" or "de-AT" */
export function useLanguageOf(tag: string | undefined): void {
  const [language = ""] = tag?.toLowerCase().split(/[-_.]/) ?? [];
  useLanguage(bundleOf(language) ?? english);
}

/** In a worker: uses the language of the process that started it. */
export function useLanguageOfParent(): void {
  useLanguageOf(process.env[variable]);
}

/** What a worker's environment has to say, so that it speaks the language of this process. */
export function environmentWithLanguage(): NodeJS.ProcessEnv {
  return { ...process.env, [variable]: currentLanguage().tag };
}

/** The texts in l10n/ for a language. */
function bundleOf(tag: string): Language | undefined {
  if (!/^[a-z]{2,3}$/.test(tag)) return undefined;
  try {
    const path = join(import.meta.dirname, "..", "l10n", `bundle.l10n.${tag}.json`);
    return { tag, texts: JSON.parse(readFileSync(path, "utf8")) };
  } catch {
    return undefined;
  }
}
