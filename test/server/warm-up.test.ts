import assert from "node:assert/strict";
import { CompletionEngine } from "../../src/completion/engine.ts";
import { warmUp } from "../../src/server/warm-up.ts";
import { fittedMemory } from "../completion/fitted-memory.ts";
import { successionModel } from "../completion/succession-model.ts";

describe("The warm-up of a keystroke's code", () => {
  it("learns nothing, and ends when a user types", async () => {
    const model = await successionModel(["ab"]);
    const { mixture, reader } = await fittedMemory();
    const engine = new CompletionEngine(model, { mixture, reader });
    await reader.read("const known = 1;\n".repeat(5), { name: "/a.ts" });
    const before = mixture.snapshot();
    let steps = 0;
    await warmUp(engine, () => ++steps > 0);
    assert.ok(steps > 20, "it types");
    assert.deepEqual(mixture.snapshot(), before);
    assert.deepEqual(reader.names, ["/a.ts"]);
    steps = 0;
    await warmUp(engine, () => ++steps < 3);
    assert.equal(steps, 3);
    await model.release();
  });
});
