import { type Language, useLanguage } from "../l10n.ts";

// Uses the language that the extension has written into the page. A page imports this before all else, so that its words are known.
const given = document.getElementById("language")?.textContent;
if (given) useLanguage(JSON.parse(given) as Language);
