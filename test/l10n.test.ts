import assert from "node:assert/strict";
import { sentenceOf } from "../src/extension/statistics.ts";
import { trainingPage } from "../src/extension/training-page.ts";
import { english, formatDate, formatNumber, t, useLanguage } from "../src/l10n.ts";
import { environmentWithLanguage, useLanguageOf } from "../src/l10n-bundles.ts";
import { nameOf, percent, signed } from "../src/pages/playground/wording.ts";
import { charactersOf, filesOf, sizeOf } from "../src/wording.ts";

const date = new Date(2026, 10, 28, 14, 5);

describe("the language", () => {
  afterEach(() => useLanguage(english));

  it("is English at first: texts, numbers and dates", () => {
    assert.equal(t("Enter a number from 0 to 2."), "Enter a number from 0 to 2.");
    assert.deepEqual([formatNumber(1234.5), formatNumber(0.5, 3)], ["1,234.5", "0.500"]);
    assert.match(formatDate(date), /^Nov 28, 2026/);
    assert.equal(environmentWithLanguage()["MURMUR_LANGUAGE"], "en");
  });

  it("is taken whole, by its name or that of a region", () => {
    for (const tag of ["sv", "sv-SE", "SV", "sv_SE.UTF-8"]) {
      useLanguageOf(tag);
      assert.equal(t("Enter a number from 0 to 2."), "Ange ett tal från 0 till 2.");
      assert.equal(formatNumber(1234.5), "1\u00a0234,5");
      assert.match(formatDate(date), /^28 nov\. 2026/);
      assert.equal(environmentWithLanguage()["MURMUR_LANGUAGE"], "sv");
    }
    for (const tag of ["fr", "", undefined, "../sv", "sv/../de"]) {
      useLanguageOf("sv");
      useLanguageOf(tag);
      assert.equal(formatNumber(0.5), "0.5", `with ${tag}`);
    }
  });

  it("has its own singular and plural", () => {
    useLanguageOf("de");
    assert.deepEqual([0, 1, 2, 1000].map(filesOf), ["0 Dateien", "1 Datei", "2 Dateien", "1.000 Dateien"]);
    assert.deepEqual([1, 900, 12_345, 3_400_000].map(charactersOf), [
      "1 Zeichen",
      "900 Zeichen",
      "12 Tausend Zeichen",
      "3,4 Millionen Zeichen",
    ]);
    assert.deepEqual([1, 366_000, 3_500_000].map(sizeOf), ["1 KB", "366 KB", "3,5 MB"]);
    useLanguageOf("sv");
    assert.deepEqual([1, 2].map(filesOf), ["1 fil", "2 filer"]);
    assert.deepEqual(
      [" ", "  ", "a"].map((text) => nameOf({ text })),
      ["blanksteg", "2 blanksteg", "”a”"],
    );
    assert.deepEqual([percent(0.013), percent(0.0001), signed(-0.5)], ["1,3 %", "< 0,1 %", "−0,50"]);
  });

  it("is that of sentences and pages", () => {
    useLanguageOf("de");
    const days = [{ day: "2026-01-02", languageId: "go", typed: 1, accepted: 1300, shown: 9, rejected: 2 }];
    assert.equal(sentenceOf(days, "2026-01-02"), "Heute 1.300 Zeichen für Sie getippt, 100 % von allen");
    const page = trainingPage({ past: [] }, { server: { state: "off" }, hasFolder: true, isTrusted: true });
    assert.deepEqual([page.headline, page.buttons[0]?.label], ["Murmur ist ausgeschaltet", "Einschalten"]);
  });
});
