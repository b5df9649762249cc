import assert from "node:assert/strict";
import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { PastRuns } from "../../../src/server/runs/past-runs.ts";
import type { PastRun } from "../../../src/server/training-protocol.ts";
import { Folder } from "../../support/folder.ts";

const run: PastRun = {
  ended: "2026-01-01T00:00:00.000Z",
  files: 3,
  characters: 1000,
  seconds: 20,
  outcome: "installed",
  before: { bitsPerChar: 1.5, mixed: 0.6, acceptedShare: 0.36 },
  after: { bitsPerChar: 1.4 },
};

describe("the list of past runs", () => {
  const warnings: string[] = [];
  const log = { warn: (message: string) => warnings.push(message) };
  beforeEach(() => warnings.splice(0));

  it("is kept in a file that nobody else may read, the last run first", async () => {
    await using folder = await Folder.with();
    const path = folder.join("runs.json");
    assert.deepEqual(await new PastRuns(path, log).list(), []);
    await new PastRuns(path, log).add(run);
    const cancelled: PastRun = { ended: run.ended, files: 1, characters: 9, seconds: 1, outcome: "cancelled" };
    await new PastRuns(path, log).add(cancelled);
    assert.deepEqual(await new PastRuns(path, log).list(), [cancelled, run]);
    if (process.platform !== "win32") assert.equal((await stat(path)).mode & 0o777, 0o600);
    assert.deepEqual(warnings, []);
  });

  it("holds only the last ones, and nothing but figures", async () => {
    await using folder = await Folder.with();
    const path = folder.join("runs.json");
    const runs = new PastRuns(path, log);
    for (let files = 0; files < 60; files++)
      await runs.add({ ...run, files, after: { bitsPerChar: 1, ...{ chars: 7 } } });
    const listed = await runs.list();
    assert.deepEqual([listed.length, listed[0]?.files, listed.at(-1)?.files], [50, 59, 10]);
    assert.doesNotMatch(await readFile(path, "utf8"), /chars/);
  });

  it("begins anew where it is damaged, and says so", async () => {
    await using folder = await Folder.with();
    const path = folder.join("runs.json");
    for (const damaged of ["[{", "{}", '[{ "files": "three" }]']) {
      await writeFile(path, damaged);
      assert.deepEqual(await new PastRuns(path, log).list(), []);
      assert.match(warnings.pop() ?? "", /runs\.json, can't be read/);
    }
    assert.deepEqual(await new PastRuns(path, log).add(run), [run]);
    assert.deepEqual(await new PastRuns(path, log).list(), [run]);
  });

  it("is shown, but not kept, where it can't be written", async () => {
    await using folder = await Folder.with();
    await mkdir(folder.join("runs.json"));
    assert.deepEqual(await new PastRuns(folder.join("runs.json"), log).add(run), [run]);
    assert.match(warnings.at(-1) ?? "", /can't be kept/);
  });
});
