import assert from "node:assert/strict";
import { isExcluded } from "../../src/server/exclusion.ts";

const folders = ["/code/app", "/code/lib"];
const cases: readonly (readonly [uri: string, glob: string, isExcluded: boolean])[] = [
  ["file:///code/app/a.tex", "**/*.tex", true],
  ["file:///code/app/deep/.hidden/a.tex", "**/*.tex", true],
  ["file:///code/app/a.js", "**/*.tex", false],
  ["file:///code/lib/private/notes/a.md", "private", true],
  ["file:///code/lib/private/notes/a.md", "private/", true],
  ["file:///code/lib/private/notes/a.md", "private/**", true],
  ["file:///code/lib/private/notes/a.md", "**/notes", true],
  ["file:///code/lib/privately/a.md", "private", false],
  ["file:///code/lib/a.md", "a.md/", false],
  ["file:///code/application/a.tex", "a.tex", false],
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
