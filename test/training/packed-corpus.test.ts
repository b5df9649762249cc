import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { Corpus } from "../../src/corpus/corpus.ts";
import { loadCorpus } from "../../src/corpus/load-corpus.ts";
import { packCorpus } from "../../src/corpus/packed/pack-corpus.ts";
import { readPackedCorpus } from "../../src/corpus/packed/packed-corpus.ts";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Folder } from "../support/folder.ts";
import { resultOf, run, small } from "../support/training.ts";

const line = (i: number): string => `for (let i = 0; i < größe${i}.length; i++) total += "😀";\n`;

describe("training on a packed corpus", function () {
  this.timeout(60_000);

  /** The corpus of a folder, and the same one packed. */
  async function both(folder: Folder): Promise<Corpus[]> {
    const corpus = await loadCorpus({ paths: [folder.join("src")], exclude: [], heldOut: 0.1 });
    for await (const _ of packCorpus(corpus, folder.join("packed")));
    return [corpus, await readPackedCorpus(folder.join("packed"))];
  }

  it("takes the same steps as training on the files, of many files and of parts of one, in each task", async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [`src/file${i}.${i % 2 ? "js" : "py"}`, line(i).repeat(5 + i)]),
    );
    for (const files of [many, { "src/a.js": line(1).repeat(40), "src/b.py": line(2).repeat(41) }]) {
      await using folder = await Folder.with(files);
      const corpora = await both(folder);
      for (const task of ["many-to-many", "many-to-one", "one-to-many", "sequence-to-sequence"] as const) {
        const trained = [];
        for (const [i, corpus] of corpora.entries()) {
          const out = folder.join(`${task}-${i}.onnx`);
          const { before, heldOut, trainChars } = resultOf(
            await run({ ...small, task, steps: 12, out }, undefined, corpus),
          );
          const { weights, info } = decodeModelFile(await readFile(out), out);
          trained.push({ weights, before, heldOut, trainChars, corpusHash: info.training.corpusHash });
        }
        assert.ok(trained[0]!.heldOut.bitsPerChar < trained[0]!.before.bitsPerChar, "it has learned");
        assert.deepEqual(trained[1], trained[0]);
      }
    }
  });

  it("goes on with a run that was begun on the files", async () => {
    await using folder = await Folder.with({ "src/a.js": line(1).repeat(60), "src/b.js": line(2).repeat(60) });
    const [files, packed] = await both(folder);
    const options = { ...small, steps: 40, secondsBetweenCheckpoints: 0, out: folder.join("m.onnx") };
    await run(options, (event) => event.kind === "evaluated" && event.step >= 10, files);
    const [started] = await run({ ...options, resume: true }, undefined, packed);
    assert.ok(started?.kind === "started" && started.step > 0);
  });
});
