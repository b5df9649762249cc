import assert from "node:assert/strict";
import { type ExplainedPlace, explanationPage } from "../../src/extension/explanation-page.ts";
import { codeOf, tableOf } from "../../src/extension/markdown.ts";
import type { ExplainedCharacter, ExplainedSuggestion } from "../../src/server/protocol.ts";

const place: ExplainedPlace = {
  file: "src/sums.js",
  line: 12,
  language: "JavaScript",
  shownName: (name) => name.replace("/project/", ""),
};

const character = (text: string, more: Partial<ExplainedCharacter> = {}): ExplainedCharacter => ({
  text,
  probability: 0.9,
  network: 0.5,
  other: { text: "x", probability: 0.05 },
  context: { name: "the last 8 characters", probability: 0.95, isHere: false },
  repeat: { length: 30, isRight: true, name: "/project/src/a.js", isHere: false, line: 3, text: "const a = b;" },
  together: 0.81,
  saving: 1.5,
  bar: 0.2,
  verdict: "saves",
  ...more,
});
const suggested: ExplainedSuggestion = {
  before: "const a",
  suggestion: " = b;",
  eagerness: "balanced",
  wrongCost: 3,
  characters: [..." = b;"].map((text) => character(text)),
  shown: 5,
  best: 5,
};
const silent: ExplainedSuggestion = {
  ...suggested,
  silence: "unsure",
  suggestion: undefined,
  shown: 0,
  best: undefined,
};

/** With blanks at which a line may break. */
const plain = (page: string): string => page.replaceAll("\u00a0", " ");

describe("the page that explains a suggestion", () => {
  it("says what is suggested, what it saves, and each character with its sources", () => {
    const page = plain(explanationPage(suggested, place));
    assert.match(page, /^# Why this suggestion\?\n\nLine 12 of `src\/sums.js`, after `const a`\./);
    assert.match(page, /Murmur suggests `␣= b;`\. It takes all 5 characters to be right with a probability of 81 %/);
    assert.match(page, /expected to save 1\.5 keystrokes.*wrong suggestion is taken to cost 3 \(eagerness: balanced\)/);
    assert.match(
      page,
      /\| \*\*`=`\*\* \| 90 % \| 50 % \| `x` 5 % \| 95 % after the last 8 characters, elsewhere; repeats 30/,
    );
    assert.match(page, /\| `␣= b;` \| `src\/a.js` \| 3 \| `const a = b;` \|/);
  });

  it("says why it is silent, for the extension's own reasons first", () => {
    assert.match(
      explanationPage({ ...suggested, silence: "dismissed" }, place),
      /# Why is Murmur silent.*\*\*You dismissed.*Otherwise it would suggest `␣= b;`/s,
    );
    const off = explanationPage({ ...silent, silence: "off", characters: [] }, { ...place, own: "language-off" });
    assert.match(off, /\*\*Completions are switched off for JavaScript\./);
    assert.ok(!off.includes("Character by character"));
    assert.match(explanationPage(suggested, { ...place, own: "snoozed" }), /silent.*Murmur is snoozed/s);
  });

  it("names the rule of the gate that keeps the likeliest text back", () => {
    const of = (more: Partial<ExplainedCharacter>): string =>
      plain(explanationPage({ ...silent, characters: [character("a", more)] }, place));
    assert.match(of({ verdict: "costs", saving: -2.6 }), /cost more attention than it saves: at best −2\.6 keystrokes/);
    assert.match(of({ verdict: "wait", saving: 1 }), /it waits for them/);
    assert.match(of({ verdict: "wait", together: 0.1, bar: 0.4 }), /waits: 10 % is below 40 %/);
    assert.match(of({ verdict: "in-word", saving: 1 }), /cut within a word/);
  });

  it("shows any text as it is: bars, backticks, line ends and control characters", () => {
    assert.equal(codeOf("a|b"), "`a\\|b`");
    assert.equal(codeOf("a`b``c"), "``` a`b``c ```");
    assert.equal(codeOf("\n\t \u0007"), "`⏎⇥ �`");
    assert.equal(tableOf(["a", "n:"], [["x", "1"]]), "| a | n |\n| --- | ---: |\n| x | 1 |");
    const page = explanationPage({ ...suggested, characters: [character("|"), character("<b>")] }, place);
    assert.ok(page.includes("`\\|`") && page.includes("`<b>`"));
  });
});
