import assert from "node:assert/strict";
import { loadDefault, Rehearsal } from "../../../src/completion/memory/rehearsal.ts";
import { TextReader } from "../../../src/completion/memory/text-reader.ts";
import { loadParameters } from "../../../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../../../src/completion/prediction/mixture.ts";
import { type Network, noNetwork } from "../../../src/model/language-model.ts";
import { successionModel } from "../succession-model.ts";

describe("a rehearsal", () => {
  const text = "const total = items.reduce((sum, item) => sum + item.price, 0);\n".repeat(10);
  const sizes = { successors: 14, direct: 14, history: 14 };

  /** The weights of the mixture after a text was read in some way. */
  async function learned(read: (reader: TextReader) => Promise<unknown>): Promise<Float32Array> {
    const mixture = new Mixture(sizes);
    await loadParameters(mixture);
    await read(new TextReader(mixture));
    return mixture.mixer.mixer.weights.slice();
  }
  const rehearsed = (model: Network): Promise<Float32Array> =>
    learned(async (reader) => {
      await using rehearsal = new Rehearsal(reader, model);
      assert.equal(await rehearsal.read(text), true);
      assert.equal(await rehearsal.read(text), false, "it is known now");
    });

  it("is of the network in use, or of the one that Murmur comes with where that one was trained on the text", async () => {
    const model = await successionModel(["const total\n"]);
    const shipped = await loadDefault();
    assert.ok(shipped);
    const trained = { ...networkOf(model), hasRead: (of: string) => of === text };
    assert.deepEqual(await rehearsed(model), await learned((reader) => reader.rehearse(text, model)));
    assert.deepEqual(await rehearsed(trained), await learned((reader) => reader.rehearse(text, shipped)));
    assert.notDeepEqual(await rehearsed(model), await rehearsed(trained));
    await model.release();
    await shipped.release();
  });

  it("only reads where there is no network", async () => {
    assert.deepEqual(await rehearsed(noNetwork), await learned((reader) => reader.read(text)));
  });
});

function networkOf(model: Network): Network {
  const { tokenizer } = model;
  return {
    tokenizer,
    start: () => model.start(),
    read: (state, tokens) => model.read(state, tokens),
    hasRead: (text) => model.hasRead(text),
  };
}
