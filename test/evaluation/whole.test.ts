import assert from "node:assert/strict";
import { type GivenText, WholeMeasure } from "../../src/evaluation/whole.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { tinyModelFile } from "../support/models.ts";

const given: GivenText = {
  name: "given.js",
  pieces: ["export function reconcileLedger(entries) {\n  return entries.filter((entry) => entry.isOpen);\n}\n"],
};
const measured = [
  { name: "a.js", text: "const open = reconcileLedger(entries);\nconst all = reconcileLedger(others);\n" },
];

describe("networks measured as they are used", function () {
  this.timeout(30_000);
  let model: LanguageModel;
  before(async () => {
    const path = findDefaultModel();
    assert.ok(path);
    model = await LanguageModel.load(path);
  });
  after(() => model.release());

  it("profit from what the local model has read", async () => {
    const bits = async (texts: readonly GivenText[]): Promise<number> =>
      await (await WholeMeasure.read(texts, 1000)).bitsPerChar(model, measured);
    assert.ok((await bits([given])) < 0.9 * (await bits([])));
  });

  it("have the same figures each time, whatever was measured before", async () => {
    const measure = await WholeMeasure.read([given], 1000);
    const tiny = await LanguageModel.load(tinyModelFile().bytes);
    const first = await measure.bitsPerChar(model, measured);
    const typed = await measure.typing(model, measured);
    assert.ok((await measure.bitsPerChar(tiny, measured)) > first, "a network that was never trained is worse");
    await tiny.release();
    assert.equal(await measure.bitsPerChar(model, measured), first);
    assert.deepEqual(await measure.typing(model, measured), typed);
  });

  it("type what they have read", async () => {
    const measure = await WholeMeasure.read([given], 1000);
    await measure.bitsPerChar(model, measured);
    const { acceptedShare, netSaved } = await measure.typing(model, measured);
    assert.ok(acceptedShare > 0.2 && netSaved > 0 && netSaved < acceptedShare, `${acceptedShare} and ${netSaved}`);
  });
});
