import assert from "node:assert/strict";
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dayOf, pageOf, StatisticsFolder, sentenceOf } from "../../src/extension/statistics.ts";

const some = { typed: 100, accepted: 50, shown: 9, rejected: 2 };

describe("what was saved", () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "murmur-test-"));
    path = join(folder, "storage/statistics");
  });
  afterEach(() => rm(folder, { recursive: true }));

  it("is counted by day and language, in all windows together, and survives them", async () => {
    const [one, another] = [new StatisticsFolder(path), new StatisticsFolder(path)];
    await Promise.all([
      one.add({ languageId: "go", ...some }, "2026-01-02"),
      another.add({ languageId: "go", ...some }, "2026-01-02"),
      another.add({ languageId: "rust", ...some }, "2026-01-01"),
    ]);
    assert.deepEqual(await new StatisticsFolder(path).read(), [
      { day: "2026-01-01", languageId: "rust", ...some },
      { day: "2026-01-02", languageId: "go", typed: 200, accepted: 100, shown: 18, rejected: 4 },
    ]);
  });

  it("is forgotten when it is reset", async () => {
    const file = new StatisticsFolder(path);
    await file.add({ languageId: "go", ...some });
    await file.reset();
    assert.deepEqual(await file.read(), []);
    await file.reset();
  });

  it("is joined into one file when the windows that counted it are gone", async () => {
    for (let i = 0; i < 5; i++) await new StatisticsFolder(path).add({ languageId: "go", ...some }, "2026-01-01");
    const yesterday = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const name of await readdir(path)) await utimes(join(path, name), yesterday, yesterday);
    const file = new StatisticsFolder(path);
    assert.equal((await file.read())[0]?.accepted, 250);
    const names = await readdir(path);
    assert.equal(names.length, 1);
    assert.equal((await readFile(join(path, names[0]!), "utf8")).trim().split("\n").length, 1);
  });

  it("is joined by one of the windows that open at the same time", async () => {
    await new StatisticsFolder(path).add({ languageId: "go", ...some }, "2026-01-01");
    const yesterday = new Date(Date.now() - 2 * 24 * 60 * 60 * 1000);
    for (const name of await readdir(path)) await utimes(join(path, name), yesterday, yesterday);
    const windows = Array.from({ length: 4 }, () => new StatisticsFolder(path));
    await Promise.all(windows.map((one) => one.read()));
    assert.deepEqual(await new StatisticsFolder(path).read(), [{ day: "2026-01-01", languageId: "go", ...some }]);
    assert.equal((await readdir(path)).length, 1);
  });

  it("leaves out lines that are damaged", async () => {
    await new StatisticsFolder(path).add({ languageId: "go", ...some }, "2026-01-01");
    await writeFile(join(path, "x.jsonl"), '{"day":"2026-01-01","languageId":"go","typed":"9"}\n{"day"\n\nnull\n');
    assert.equal((await new StatisticsFolder(path).read()).length, 1);
  });

  it("is a sentence about today and all days", () => {
    assert.equal(sentenceOf([]), undefined);
    const days = [
      { day: "2026-01-01", languageId: "go", ...some },
      { day: "2026-01-02", languageId: "go", ...some, accepted: 1300, typed: 1300 },
    ];
    const sentence = "Typed 1,300 characters for you today, 50 % of all; 1,350 since 2026-01-01";
    assert.equal(sentenceOf(days, "2026-01-02"), sentence);
    assert.equal(sentenceOf(days.slice(0, 1), "2026-01-01"), "Typed 50 characters for you today, 33 % of all");
  });

  it("is a page by day and language", () => {
    const days = [
      { day: "2026-01-01", languageId: "go", ...some },
      { day: "2026-01-02", languageId: "rust", ...some, accepted: 1300 },
    ];
    const page = pageOf(days, (id) => id.toUpperCase(), "2026-01-02");
    assert.match(page, /\| today \| 1,400 \| 1,300 \(93 %\) \| 9 \| 2 \|/);
    assert.match(page, /\| in all \| 1,550 \| 1,350 \(87 %\) \| 18 \| 4 \|/);
    assert.match(page, /\| RUST \| .*\n\| GO \| /);
    assert.match(pageOf([], String), /Nothing has been counted yet/);
  });

  it("is counted by local days", () => assert.equal(dayOf(new Date(2026, 0, 2, 0, 30)), "2026-01-02"));
});
