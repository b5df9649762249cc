import assert from "node:assert/strict";
import fc from "fast-check";
import { lineChanges } from "../../../src/completion/memory/line-changes.ts";

const text = fc
  .array(fc.constantFrom("a\n", "b\n", "c\n", "\n", "é\n", "a", "b"), { maxLength: 30 })
  .map((lines) => Buffer.from(lines.join("")));

describe("The changes of a text's lines", () => {
  it("lead from the former text to the new one, and unchanged lines are the same in both", async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (former, now) => {
        let [formerAt, at] = [0, 0];
        for (const { kind, length } of await lineChanges(former, now)) {
          assert.ok(length > 0);
          if (kind === "same")
            assert.deepEqual(former.subarray(formerAt, formerAt + length), now.subarray(at, at + length));
          if (kind !== "added") formerAt += length;
          if (kind !== "removed") at += length;
        }
        assert.deepEqual([formerAt, at], [former.length, now.length]);
      }),
      { numRuns: 300 },
    );
  });

  it("are whole lines, and as few as possible", async () => {
    const changes = await lineChanges(
      Buffer.from("one\ntwo\nthree\nfour\n"),
      Buffer.from("one\n2\nthree\nfour\nfive\n"),
    );
    assert.deepEqual(changes, [
      { kind: "same", length: 4 },
      { kind: "removed", length: 4 },
      { kind: "added", length: 2 },
      { kind: "same", length: 11 },
      { kind: "added", length: 5 },
    ]);
  });

  it("are one replacement if more lines differ than are compared", async () => {
    const lines = (letter: string) => Buffer.from(Array.from({ length: 3000 }, (_, i) => `${letter}${i}\n`).join(""));
    const kinds = (await lineChanges(lines("a"), lines("b"))).map(({ kind }) => kind);
    assert.deepEqual(kinds, ["removed", "added"]);
  });
});
