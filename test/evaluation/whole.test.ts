import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type GivenText, WholeMeasure } from "../../src/evaluation/whole.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { findDefaultModel } from "../../src/model/shipped.ts";
import { tinyModelFile } from "../support/models.ts";

const text = "export function reconcileLedger(entries) {\n  return entries.filter((entry) => entry.isOpen);\n}\n";
const given: GivenText = { name: "given.js", chars: text.length, pieces: [text] };
const options = { chars: 1000, rehearsed: 0 };
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
      (await (await WholeMeasure.read(texts, options)).bits(model, measured)).mixed;
    assert.ok((await bits([given])) < 0.9 * (await bits([])));
  });

  it("have the same figures each time, whatever was measured before", async () => {
    const measure = await WholeMeasure.read([given], options);
    const tiny = await LanguageModel.load(tinyModelFile().bytes);
    const first = await measure.bits(model, measured);
    const typed = await measure.typing(model, measured);
    assert.ok((await measure.bits(tiny, measured)).mixed > first.mixed, "a network that was never trained is worse");
    await tiny.release();
    assert.deepEqual(await measure.bits(model, measured), first);
    assert.deepEqual(await measure.typing(model, measured), typed);
  });

  it("type what they have read", async () => {
    const measure = await WholeMeasure.read([given], options);
    await measure.bits(model, measured);
    const { acceptedShare, netSaved } = await measure.typing(model, measured);
    assert.ok(acceptedShare > 0.2 && netSaved > 0 && netSaved < acceptedShare, `${acceptedShare} and ${netSaved}`);
  });

  it("are trusted as rehearsing showed", async () => {
    const [first, second, third] = await Promise.all(
      ["model/model-file", "model/parameters", "model/network"].map(async (name) => {
        const path = join(import.meta.dirname, "../../src", `${name}.ts`);
        return { name: `${name}.ts`, text: (await readFile(path, "utf8")).slice(0, 4000) };
      }),
    );
    assert.ok(first && second && third);
    const read = [first, second].map(({ name, text }) => ({ name, chars: text.length, pieces: [text] }));
    const bits = async (rehearsed: number): Promise<number> =>
      (await (await WholeMeasure.read(read, { chars: 12_000, rehearsed })).bits(model, [third])).mixed;
    assert.ok((await bits(1)) < (await bits(0)));
  });
});
