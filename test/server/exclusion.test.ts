import assert from "node:assert/strict";
import { isExcluded } from "../../src/server/exclusion.ts";

const folders = ["/work/app", "/work/lib"];
const cases: readonly (readonly [uri: string, glob: string, isExcluded: boolean])[] = [
  ["file:///work/app/a.tex", "**/*.tex", true],
  ["file:///work/app/deep/.hidden/a.tex", "**/*.tex", true],
  ["file:///work/app/a.js", "**/*.tex", false],
  ["file:///work/lib/private/notes/a.md", "private", true],
  ["file:///work/lib/private/notes/a.md", "private/", true],
  ["file:///work/lib/private/notes/a.md", "private/**", true],
  ["file:///work/lib/private/notes/a.md", "**/notes", true],
  ["file:///work/lib/privately/a.md", "private", false],
  ["file:///work/lib/a.md", "a.md/", false],
  ["file:///work/application/a.tex", "a.tex", false],
  ["file:///elsewhere/a.tex", "**/*.tex", true],
  ["file:///elsewhere/a.tex", "a.tex", false],
  ["untitled:a.tex", "**/*.tex", false],
];

describe("an excluded document", () => {
  for (const [uri, glob, expected] of cases) {
    it(`${uri} is ${expected ? "" : "not "}excluded by ${glob}`, () => {
      assert.equal(isExcluded(uri, [glob], folders), expected);
      assert.equal(isExcluded(uri, ["other", glob], folders), expected);
      assert.equal(isExcluded(uri, [], folders), false);
    });
  }
});
