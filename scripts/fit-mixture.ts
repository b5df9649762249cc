import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Place } from "../src/completion/prediction/local/place.ts";
import { encodeParameters } from "../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../src/completion/prediction/mixture.ts";
import { byteCosts } from "../src/completion/prediction/text-cost.ts";
import { bytesOf } from "../src/completion/text.ts";
import { LanguageModel } from "../src/model/language-model.ts";
import { heldOutPackages } from "./held-out-packages.ts";

// npm run fit:mixture: fits the mixing weights, models/mixing.bin, on the packages that are held out from the default model's
// training. Each package is typed like a workspace: some of its files, each from the same state, once after reading the rest of the
// package and once after reading nothing. What is learned about mixing is carried from one package to the next.

const root = join(import.meta.dirname, "..");
const passes = 2;
/** At most this many characters of a package are typed. */
const mostTyped = 60_000;

const packages = await heldOutPackages(mostTyped);
const model = await LanguageModel.load(join(root, "models/default.onnx"), { threads: availableParallelism() });
const mixture = new Mixture();
const empty = mixture.snapshot();
for (let pass = 0; pass < passes; pass++) {
  for (const { name, given, typed } of packages) {
    for (const read of [given, []]) {
      mixture.restoreContents(empty);
      for (const { text } of read) learn(text);
      const before = mixture.snapshot();
      let [bits, bytes] = [0, 0];
      for (const file of typed) {
        mixture.restoreContents(before);
        const costs = await byteCosts(mixture, bytesOf(file.text), { model });
        bits += costs.reduce((sum, cost) => sum + cost, 0);
        bytes += costs.length;
      }
      const what = read.length > 0 ? "the rest given" : "nothing given";
      console.error(`${pass + 1}: ${name}, ${what}: ${(bits / bytes).toFixed(3)} bits per byte`);
    }
  }
}
await model.release();
await writeFile(join(root, "models/mixing.bin"), encodeParameters(mixture));

function learn(text: string): void {
  const place = new Place();
  for (const byte of bytesOf(text)) mixture.local.learn(place, byte);
}
