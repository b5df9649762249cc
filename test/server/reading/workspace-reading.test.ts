import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { CompletionEngine } from "../../../src/completion/engine.ts";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { noNetwork } from "../../../src/model/language-model.ts";
import type { ReadingResult } from "../../../src/server/reading/reading-result.ts";
import { type ReadingReason, WorkspaceReading } from "../../../src/server/reading/workspace-reading.ts";
import { Folder } from "../../support/folder.ts";

interface Ended {
  readonly result: ReadingResult;
  readonly reason: ReadingReason;
  readonly start: number;
}

/** Reads folders, and records each reading. */
class Reading implements AsyncDisposable {
  readonly all: Ended[] = [];
  readonly reader = new TextReader(new Mixture({ successors: 18, direct: 18, history: 18 }));
  readonly #ends = new EventEmitter();
  readonly #reading = new WorkspaceReading(this.reader, {
    ready: async () => undefined,
    onFile: () => undefined,
    onEnd: async (result, reason, start) => {
      this.all.push({ result, reason, start });
      this.#ends.emit("end");
    },
    onFailure: () => undefined,
    warn: (message) => assert.fail(message),
  });

  static async of(folder: Folder): Promise<Reading> {
    const reading = new Reading();
    await reading.next(() => reading.start([folder.path]));
    return reading;
  }

  start(folders: readonly string[]): void {
    this.#reading.start(new CompletionEngine(noNetwork), { folders, exclude: [], open: () => [] });
  }

  /** Does something, and waits for the end of the next reading. */
  async next(change: (reading: WorkspaceReading) => void): Promise<Ended> {
    const end = once(this.#ends, "end");
    change(this.#reading);
    await end;
    return this.all.at(-1)!;
  }

  get reasons(): ReadingReason[] {
    return this.all.map(({ reason }) => reason);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#reading.stop();
  }
}

describe("reading a workspace in the background", () => {
  const sources = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`${i}.js`, `let a${i} = ${i};\n`]));

  it("does not look at all files because of changes in what git ignores", async () => {
    await using folder = await Folder.with({ ...sources, ".gitignore": "out/\n", "out/a.js": "let a = 1;\n" });
    await using reading = await Reading.of(folder);
    await mkdir(folder.join("out/new"));
    await reading.next((files) => files.follow([folder.join("out/new")]));
    await reading.next((files) => files.follow(Array.from({ length: 300 }, (_, i) => folder.join(`out/${i}.js`))));
    assert.deepEqual(reading.reasons, ["asked", "followed", "followed"]);
  });

  it("rests between two looks at all files, whatever caused them", async () => {
    const names = Array.from({ length: 400 }, (_, i) => `${i}.js`);
    await using folder = await Folder.with({ "new/a.js": "", ...Object.fromEntries(names.map((name) => [name, ""])) });
    await using reading = await Reading.of(folder);
    const changes: ((files: WorkspaceReading) => void)[] = [
      (files) => files.follow([folder.join("new")]),
      (files) => files.lookAgain(),
      (files) => files.follow(names.map((name) => folder.join(name))),
    ];
    for (const change of changes) {
      const { result, start } = reading.all.at(-1)!;
      const next = await reading.next(change);
      assert.equal(next.reason, "again");
      assert.ok(next.start >= start + 21 * result.looking);
    }
  });

  it("follows a file at once even if all files will be looked at later", async () => {
    await using folder = await Folder.with(sources);
    await using reading = await Reading.of(folder);
    await reading.next((files) => files.lookAgain());
    await writeFile(folder.join("0.js"), "let changed = 1;\n");
    await reading.next((files) => {
      files.follow([folder.join("0.js")]);
      files.lookAgain();
    });
    await reading.next(() => undefined);
    assert.deepEqual(reading.reasons, ["asked", "again", "followed", "again"]);
  });

  it("follows a file even if reading starts anew meanwhile, as when the settings change", async () => {
    await using folder = await Folder.with({ "a.js": "let saved = 1;\n" });
    await using reading = new Reading();
    await reading.reader.read("let typed = 1;\n", { name: folder.join("a.js") });
    reading.start([]);
    const { reason, result } = await reading.next((files) => {
      files.follow([folder.join("a.js")]);
      void files.stop();
      reading.start([]);
    });
    assert.deepEqual([reason, result.files], ["followed", 1]);
  });
});
