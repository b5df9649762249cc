import assert from "node:assert/strict";
import fc from "fast-check";
import { parseIgnoreRules } from "../../../src/corpus/ignore/ignore-rules.ts";
import { Folder } from "../../support/folder.ts";
import { Git } from "../../support/git.ts";

const tokens = [
  ..."abAB/*?!#\\-[] é^",
  ..."**,**/,/**,/**/,[ab],[!a],[^b],[a-c],[A-C],[[:upper:]],[[:alpha:]_],[]-],[\\]],[a,\\*,\\ ,\\!,\\#,a*,*b,***".split(
    ",",
  ),
];
const names = "a,b,c,A,B,ab,aab,a b,*,!a,#a,a ,\\,],[a,-,é,ba,a**".split(",");

const rule = fc.array(fc.constantFrom(...tokens), { minLength: 1, maxLength: 6 }).map((parts) => parts.join(""));
const path = fc.array(fc.constantFrom(...names), { minLength: 1, maxLength: 4 }).map((parts) => parts.join("/"));

/** Whether rules for a folder leave out a file in it: itself, or a folder that it is in. */
function isLeftOut(text: string, file: string, ignoreCase: boolean): boolean {
  const rules = parseIgnoreRules(text, ignoreCase);
  const parts = file.split("/");
  return parts.some((_, i) => rules.verdict(parts.slice(0, i + 1).join("/"), i < parts.length - 1) === "ignored");
}

describe("the rules of a .gitignore file", () => {
  it("agree with git on every path", async () => {
    await using git = await Git.start();
    await using folder = await Folder.with();
    git.run(folder.path, "init", "-q");
    const property = fc.asyncProperty(
      fc.array(rule, { minLength: 1, maxLength: 4 }),
      fc.uniqueArray(path, { minLength: 10, maxLength: 30 }),
      fc.constantFrom("\n", "\r\n"),
      fc.boolean(),
      async (rules, paths, lineEnd, ignoreCase) => {
        const text = rules.join(lineEnd);
        await folder.write(".gitignore", text);
        git.run(folder.path, "config", "core.ignoreCase", String(ignoreCase));
        const ours = paths.filter((one) => isLeftOut(text, one, ignoreCase));
        assert.deepEqual(new Set(ours), git.ignored(folder.path, paths));
      },
    );
    await fc.assert(property, { numRuns: 150 });
  });

  it("are matched in bounded time, however many ways there are through a rule", () => {
    const rules = parseIgnoreRules(`${"**/a/".repeat(200)}b\n${"*a".repeat(500)}b\n`, false);
    assert.equal(rules.verdict(`${"a/".repeat(1000)}c`, false), undefined);
    assert.equal(rules.verdict("a".repeat(4000), false), undefined);
    assert.equal(rules.verdict(`${"a/".repeat(1000)}b`, false), "ignored");
  });

  it("are matched in bounded time, however often a rule repeats that any folders may stand there", () => {
    const rules = parseIgnoreRules(`${"**/".repeat(1364)}b\n`.repeat(16), false);
    const start = performance.now();
    for (const last of ["b", "c"]) {
      assert.equal(rules.verdict(`${"a/".repeat(1000)}${last}`, false), last === "b" ? "ignored" : undefined);
    }
    assert.ok(performance.now() - start < 3000);
  });

  it("are read in bounded time, however much work their classes are", () => {
    const start = performance.now();
    for (const rule of ["[a]".repeat(1365), `[${"[:alpha:]".repeat(454)}]`, "[[:".repeat(1365), "[".repeat(4096)]) {
      parseIgnoreRules(`${rule}\n`.repeat(15), false);
      assert.throws(() => parseIgnoreRules(`${rule}\n`.repeat(255), false), /more than 65536 characters/);
    }
    assert.ok(performance.now() - start < 3000);
  });

  it("are refused if there are too many, or one is too long", () => {
    assert.throws(() => parseIgnoreRules("a\n".repeat(20_000), false), /more than 10000 ignore rules/);
    assert.throws(() => parseIgnoreRules("a".repeat(5000), false), /more than 4096 characters/);
  });
});
