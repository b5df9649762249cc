import assert from "node:assert/strict";
import fc from "fast-check";
import { editsOf } from "../../../src/evaluation/edits/edits.ts";
import { changedFiles, changedUpTo, typedLength, withRenames } from "../../../src/evaluation/edits/tree.ts";

/** What is typed, by kind. */
function typed(former: string | undefined, text: string): [kind: string, typed: string][] {
  return editsOf(former, text).map((edit) => [edit.kind, edit.typed]);
}

describe("edits between two versions of a file", () => {
  it("type a new file as a whole", () => {
    assert.deepEqual(typed(undefined, "a\nb\n"), [["new file", "a\nb\n"]]);
    assert.deepEqual(typed(undefined, ""), []);
  });

  it("type inserted lines into an empty line between the lines around them", () => {
    assert.deepEqual(editsOf("one\nfour\n", "one\ntwo\nthree\nfour\n"), [
      { kind: "inserted lines", former: "one\nfour\n", head: "one\n", typed: "two\nthree", tail: "\nfour\n" },
    ]);
    assert.deepEqual(typed("one", "one\ntwo"), [["inserted lines", "two"]]);
  });

  it("remove changed lines before the new ones are typed", () => {
    const [edit] = editsOf("a\nold line\nz\n", "a\nquite different\nand more\nz\n");
    assert.deepEqual(edit, {
      kind: "changed lines",
      former: "a\nold line\nz\n",
      head: "a\n",
      typed: "quite different\nand more",
      tail: "\nz\n",
    });
  });

  it("type what is new inside a line that mostly stays", () => {
    assert.deepEqual(editsOf("call(first, last);\n", "call(first, middle, last);\n"), [
      {
        kind: "inside a line",
        former: "call(first, last);\n",
        head: "call(first, ",
        typed: "middle, ",
        tail: "last);\n",
      },
    ]);
  });

  it("type nothing where text was only removed, and the next edit starts without it", () => {
    assert.deepEqual(editsOf("a\nb\nc\n", "a\nc\n"), []);
    assert.deepEqual(typed("call(a, b);", "call(a);"), []);
    assert.equal(editsOf("gone\nb\n", "b\nc\n")[0]?.former, "b\n");
  });

  it("leave the carriage return to the line break that was there, and split no surrogate pair", () => {
    assert.deepEqual(typed("a\r\nc\r\n", "a\r\nb\r\nc\r\n"), [["inserted lines", "b"]]);
    const [edit] = editsOf("let icon = '😀';\n", "let icon = '😁';\n");
    assert.equal(edit?.typed, "😁");
  });

  it("lead from the former text to the new one, from top to bottom", () => {
    const line = fc.constantFrom("", "a", "ab", "abc", "xyz", "  xyz", "call(a)", "call(a, b)", "é😀", "é😁");
    const file = fc.array(line, { maxLength: 12 }).map((lines) => lines.join("\n"));
    fc.assert(
      fc.property(file, file, (former, text) => {
        let now = former;
        for (const edit of editsOf(former, text)) {
          assert.ok(text.startsWith(edit.head + edit.typed), "everything above is as in the end");
          assert.ok(former.endsWith(edit.tail.slice(1)), "everything below is as it was");
          assert.ok(
            isSubsequence(withoutBreaks(edit.former), withoutBreaks(now)),
            "only removals lie between two edits",
          );
          now = edit.head + edit.typed + edit.tail;
        }
        assert.ok(isSubsequence(withoutBreaks(text), withoutBreaks(now)), "only removals are left at the end");
      }),
      { numRuns: 500 },
    );
  });
});

describe("the files that differ between two trees", () => {
  it("are the changed and the new ones, but not those that have only moved", () => {
    const before = [
      { name: "same.js", text: "same" },
      { name: "changed.js", text: "before" },
      { name: "old/moved.js", text: "moved" },
    ];
    const after = [
      { name: "same.js", text: "same" },
      { name: "changed.js", text: "after" },
      { name: "new/moved.js", text: "moved" },
      { name: "new.js", text: "new" },
    ];
    assert.deepEqual(changedFiles(withRenames(before, after), after), [
      { name: "changed.js", text: "after", former: "before" },
      { name: "new.js", text: "new", former: undefined },
    ]);
  });

  it("have the text of the file that was renamed, though it was edited too", () => {
    const lines = (name: string): string[] =>
      Array.from({ length: 9 }, (_, i) => `the function ${name} of number ${i};`);
    const [cart, other] = [lines("total"), lines("price")];
    const before = [
      { name: "cart.js", text: cart.join("\n") },
      { name: "other.js", text: other.join("\n") },
    ];
    const after = [
      { name: "lib/basket.js", text: [...cart.slice(0, 8), "a line that is new here;"].join("\n") },
      { name: "lib/new.js", text: lines("count").join("\n") },
    ];
    const renamed = withRenames(before, after);
    assert.deepEqual(
      renamed.map(({ name }) => name),
      ["lib/basket.js", "other.js"],
    );
    assert.deepEqual(
      changedFiles(renamed, after).map(({ former }) => former),
      [cart.join("\n"), undefined],
    );
  });

  it("are cut at the end of the line in which a number of typed characters ends", () => {
    const file = { name: "a.js", former: "one\nfour\nsix\n", text: "one\ntwo\nfour\nfive\nsix\n" };
    assert.equal(typedLength(file), 7);
    assert.equal(changedUpTo(file, 5).text, "one\ntwo\nfour\nfive\nsix\n");
    assert.equal(changedUpTo(file, 3).text, "one\ntwo\nfour\nsix\n");
    assert.equal(changedUpTo(file, 100).text, file.text);
    const added = { name: "b.js", former: undefined, text: "one\ntwo\nthree" };
    assert.equal(changedUpTo(added, 5).text, "one\ntwo");
  });
});

/** An empty line is made with one key, which is not counted as typing. */
function withoutBreaks(text: string): string {
  return text.replaceAll("\n", "");
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole) if (part.startsWith(character, at)) at += character.length;
  return at === part.length;
}
