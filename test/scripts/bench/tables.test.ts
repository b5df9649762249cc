import assert from "node:assert/strict";
import { beginnings, givenIn } from "../../../bench/completion/conditions.ts";
import { meanInterval } from "../../../bench/completion/intervals.ts";
import { tableWithMean } from "../../../bench/markdown.ts";
import { simulate } from "../../../src/evaluation/simulate.ts";
import { summarize } from "../../../src/evaluation/summary.ts";

describe("a table of figures", () => {
  it("ends with the mean of each column, over the rows that have a figure", () => {
    const rows = [
      { name: "a", x: 1, y: 3 },
      { name: "b", x: 2 },
    ];
    const columns = [
      { name: "x", of: ({ x }: (typeof rows)[number]) => x, digits: 1 },
      { name: "y", of: ({ y }: (typeof rows)[number]) => y },
    ];
    assert.deepEqual(tableWithMean("row", rows, columns).split("\n"), [
      "| row | x | y |",
      "| --- | --- | --- |",
      "| a | 1.0 | 3.000 |",
      "| b | 2.0 | – |",
      "| mean | 1.5 | 3.000 |",
    ]);
    assert.ok(!tableWithMean("row", rows.slice(0, 1), columns).includes("mean"));
  });
});

describe("an interval for the mean over workspaces", () => {
  const text = "remember remember remember ";
  const typed = (accepts: number) =>
    simulate(text, (before) => (before.length < accepts ? { text: text.slice(before.length, accepts) } : undefined));

  it("is a point if all files of a workspace are alike, and contains the mean if they are not", async () => {
    const [low, high] = [await typed(5), await typed(20)];
    const alike = [[low, low, low], [high]];
    const expected = (summarize([low]).netSaved + summarize([high]).netSaved) / 2;
    for (const bound of meanInterval(alike, "netSaved")) assert.ok(Math.abs(bound - expected) < 1e-12);
    const [from, to] = meanInterval([[low, high, high, low]], "acceptedShare");
    const { acceptedShare } = summarize([low, high]);
    assert.ok(from < acceptedShare && acceptedShare < to);
    assert.ok(from >= summarize([low]).acceptedShare && to <= summarize([high]).acceptedShare);
  });

  it("is the same each time", async () => {
    const files = [[await typed(5), await typed(9), await typed(20)]];
    assert.deepEqual(meanInterval(files, "netSaved"), meanInterval(files, "netSaved"));
  });
});

describe("the typed text", () => {
  it("begins each file, and never ends inside a character", () => {
    const files = [
      { name: "a", text: "abc😀" },
      { name: "b", text: "d" },
    ];
    assert.deepEqual(
      beginnings(files, 4).map(({ text }) => text),
      ["abc", "d"],
    );
    assert.deepEqual(beginnings(files, Number.POSITIVE_INFINITY), files);
  });

  it("has the given text before it, or nothing", () => {
    const given = [{ name: "a", text: "b" }];
    assert.deepEqual(givenIn("the rest given", { given }), given);
    assert.deepEqual(givenIn("nothing given", { given }), []);
  });
});
