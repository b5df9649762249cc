import assert from "node:assert/strict";
import { sampleEdits } from "../../../bench/completion/edit-sample.ts";
import { endsTable, kindsTable, pairsTable, type TypedPairs } from "../../../bench/completion/edits.ts";
import { readPairList } from "../../../bench/completion/releases.ts";
import { endsInsideWord } from "../../../bench/completion/word-ends.ts";
import { readWorkspaceList } from "../../../bench/completion/workspaces.ts";
import { readManifest } from "../../../scripts/corpus/manifest.ts";
import type { TypedFile } from "../../../src/evaluation/breakdowns.ts";
import { editKinds, editsOf } from "../../../src/evaluation/edits/edits.ts";
import { type ChangedFile, typedLength } from "../../../src/evaluation/edits/tree.ts";
import { simulate } from "../../../src/evaluation/simulate.ts";

describe("the pinned pairs of releases", () => {
  const pairs = readPairList();

  it("are one of each workspace", () => {
    assert.deepEqual(
      pairs.map(({ workspace }) => workspace),
      readWorkspaceList().map(({ name }) => name),
    );
  });

  it("are permissively licensed, and unknown to the default model", () => {
    const releases = pairs.flatMap(({ before, after }) => [before, after]);
    assert.ok(releases.every(({ licence }) => !/GPL|MPL|-SA|-NC|-ND/.test(licence)));
    const read = new Set(readManifest().map(({ name }) => name));
    assert.deepEqual(
      releases.filter(({ name }) => read.has(name)),
      [],
    );
  });
});

const lines = (prefix: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${prefix} ${i};`);

/** Ten files with edits of all kinds; the first one is new. */
const changed: ChangedFile[] = Array.from({ length: 10 }, (_, i) => {
  const former = lines(`const value${i} =`, 40);
  const text = [...lines(`inserted${i}`, 2), ...former];
  text[10] = "quite another line";
  text[20] = `${text[20]} // with a remark`;
  text.splice(30, 0, `inserted further down ${i}`);
  return { name: `${i}.ts`, former: i === 0 ? undefined : former.join("\n"), text: text.join("\n") };
});

describe("a sample of edits", () => {
  const sampled = sampleEdits(changed, 1500);

  it("has about as many characters as asked for, the same in every run", () => {
    const chars = sampleEdits(changed.slice(1), 300).reduce((sum, file) => sum + typedLength(file), 0);
    assert.ok(chars >= 300 && chars < 330, `${chars}`);
    assert.deepEqual(sampleEdits(changed, 1500), sampled);
  });

  it("has edits of every kind, from many files, each by itself", () => {
    const edits = sampled.map(({ former, text }) => editsOf(former, text));
    assert.ok(edits.every(({ length }) => length === 1));
    assert.deepEqual(new Set(edits.flat().map(({ kind }) => kind)), new Set(editKinds));
    const few = sampleEdits(changed.slice(1), 300);
    assert.ok(new Set(few.map(({ name }) => name)).size > 5);
  });

  it("makes the edits above, and leaves those below", () => {
    const [file] = changed.slice(1);
    const further = sampleEdits(changed.slice(1, 2), 1e6).find(({ text, former }) =>
      editsOf(former, text).some(({ typed }) => typed.startsWith("inserted further down")),
    );
    assert.equal(further?.text, file?.text);
    assert.ok(further?.former?.includes("quite another line"));
    const [first] = sampleEdits(changed.slice(1, 2), 1e6).filter(({ text }) => !text.includes("quite another line"));
    assert.equal(first?.text, `${lines("inserted1", 2).join("\n")}\n${file?.former}`);
  });

  it("has the beginning of a long edit, to the end of a line", () => {
    const [file] = sampleEdits([{ name: "long.ts", former: undefined, text: lines("line", 1000).join("\n") }], 5000);
    assert.ok(file && file.text.length >= 790 && file.text.length < 820, `${file?.text.length}`);
    assert.ok(file.text.endsWith(";"));
  });

  it("is all there is if no number of characters is asked for", () => {
    assert.deepEqual(sampleEdits(changed, Number.POSITIVE_INFINITY), changed);
  });
});

describe("the end of a suggestion", () => {
  /** Whether the suggestion of a part of the text, shown at its "|", ends inside a word. */
  const ends = (marked: string, suggestion: string, to?: number): boolean => {
    const [offset, text] = [marked.indexOf("|"), marked.replace("|", "")];
    const isRight = text.startsWith(suggestion, offset);
    const event = { offset, column: offset, text: suggestion, isRight, agreed: isRight ? suggestion.length : 0 };
    return endsInsideWord(event, text, to ?? text.length);
  };

  it("is inside a word if the typed text goes on in it", () => {
    assert.ok(ends("throw |new HTTPError(response)", "new HTTPError(respon"));
    assert.ok(ends("|größer", "grö"));
    assert.ok(ends("|a_b", "a_"));
    assert.ok(ends("|𝒜𝒞", "𝒜"));
  });

  it("is not if a whole word was suggested, or the suggestion was wrong", () => {
    assert.ok(!ends("throw |new HTTPError(response)", "new HTTPError(response"));
    assert.ok(!ends("throw |new HTTPError(response)", "new HTTPError("));
    assert.ok(!ends("throw |new HTTPError(response)", "new HTTPErrand"));
    assert.ok(!ends("|one two", "one "));
  });

  it("is not if the rest of the word is not typed", () => {
    assert.ok(!ends("|fooBar", "foo", 3));
    assert.ok(!ends("|foo", "foo"));
  });
});

describe("the tables of edits", () => {
  /** A file with the line "remember" typed into its end; all but its first letters are suggested. */
  async function typed(name: string, suggested: string): Promise<TypedFile> {
    const [head, line] = ["before\n", "remember"];
    const simulation = await simulate(line, (before) => (before.length === 2 ? { text: suggested } : undefined));
    const events = simulation.events.map((event) => ({ ...event, offset: event.offset + head.length }));
    const edit = { ...simulation, events, kind: "inserted lines", from: head.length } as const;
    return { name, text: head + line, edits: [edit], simulation: { ...simulation, events } };
  }

  async function ways(): Promise<TypedPairs[]> {
    const [right, part, wrong] = [await typed("a", "member"), await typed("b", "mem"), await typed("b", "main")];
    return [
      { name: "mixed", pairs: [[right], [part, wrong]] },
      { name: "local alone", pairs: [[wrong], [wrong, wrong]] },
    ];
  }

  it("have a row for each pair and their mean, by whole files", async () => {
    const pair = { name: "one", language: "go", versions: "1 → 2" } as const;
    assert.deepEqual(
      pairsTable([pair, { ...pair, name: "two" }], await ways())
        .split("\n")
        .slice(2),
      [
        "| one (go), 1 → 2 | 1 | 8 | 0.750 / 0.500 / 0.00 | 0.000 / -0.375 / 12.50 |",
        "| two (go), 1 → 2 | 2 | 16 | 0.188 / -0.125 / 6.25 | 0.000 / -0.375 / 12.50 |",
        "| mean |  |  | 0.469 / 0.188 [0.188, 0.188] / 3.13 | 0.000 / -0.375 [-0.375, -0.375] / 12.50 |",
      ],
    );
    assert.ok(!pairsTable([pair], await ways()).includes("mean"));
  });

  it("have a row for each kind that was typed", async () => {
    const [row, ...others] = kindsTable(await ways())
      .split("\n")
      .slice(2);
    assert.match(row ?? "", /^\| inserted lines \| 3 \| 24 \| 0\.375 \/ 0\.083 \[.*\] \/ 4\.17 \|/);
    assert.deepEqual(others, []);
  });

  it("count the suggestions that are right and end inside a word", async () => {
    assert.deepEqual(
      endsTable(await ways())
        .split("\n")
        .slice(2),
      [
        "| mixed | 3 | 2 (66.7 %) | 1 (33.3 % of those shown, 50.0 % of the right ones) |",
        "| local alone | 3 | 0 (0.0 %) | 0 (0.0 % of those shown, 0.0 % of the right ones) |",
      ],
    );
  });
});
