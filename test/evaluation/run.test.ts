import assert from "node:assert/strict";
import type { EngineSetup } from "../../src/evaluation/engine-under-test.ts";
import type { MeasuredFile, Measurement } from "../../src/evaluation/measure.ts";
import { startEvaluation } from "../../src/evaluation/run.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { Folder } from "../support/folder.ts";

describe("files measured in processes", function () {
  this.timeout(60_000);
  let folder: Folder;
  let engine: EngineSetup;
  before(async () => {
    folder = await Folder.with();
    // A trained model, so that something is shown.
    const modelPath = findDefaultModel();
    assert.ok(modelPath);
    engine = { modelPath, given: [{ name: "given.js", text: "let given = 1;\n" }], sources: ["rnn", "local"] };
  });
  after(() => folder[Symbol.asyncDispose]());

  const files = [60, 300, 120, 0, 200].map((length, i) => ({
    name: `${i}.js`,
    text: "for (let i = 0; i < items.length; i++) total += prices[i];\n".repeat(6).slice(i, i + length),
  }));
  const typing = { every: 1, temperature: 0, maxCharacters: 20 };

  async function measured(processes: number, of: Omit<Measurement, "engine">): Promise<readonly MeasuredFile[]> {
    const results = await startEvaluation(files, { engine, ...of }, processes).measured;
    return results.map((file) => ({ ...file, simulation: file.simulation && { ...file.simulation, latencies: [] } }));
  }

  it("come in the given order, with everything that was requested", async () => {
    const results = await measured(2, { typing, bits: "characters" });
    assert.deepEqual(
      results.map(({ name, text }) => ({ name, text })),
      files,
    );
    for (const { text, simulation, bits } of results) {
      assert.equal(simulation?.chars, text.length);
      assert.equal(bits?.characters?.bits.length, text.length);
    }
  });

  it("give the same whatever the number of processes and the files measured before", async () => {
    const [alone, together] = [
      await measured(1, { typing, bits: "file" }),
      await measured(3, { typing, bits: "file" }),
    ];
    assert.ok(alone.some(({ simulation }) => simulation && simulation.acceptances > 0));
    assert.deepEqual(alone, together);
  });

  it("report how much is done", async () => {
    const run = startEvaluation(files, { engine, bits: "file" }, 2);
    assert.equal(run.charsDone(), 0);
    await run.measured;
    assert.equal(run.charsDone(), 680);
  });

  it("fail with the reason if the model is invalid", async () => {
    const broken = { ...engine, modelPath: await folder.write("broken.onnx", "no model") };
    await assert.rejects(startEvaluation(files, { engine: broken, bits: "file" }, 2).measured, {
      name: "MurmurError",
      code: "bad-model",
    });
  });
});
