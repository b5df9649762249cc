import { availableParallelism } from "node:os";
import { join } from "node:path";
import { calibration } from "../src/completion/decoding/calibration.ts";
import { usualMaxCharacters } from "../src/completion/suggestion.ts";
import { sources } from "../src/evaluation/engine-under-test.ts";
import { reliabilityOf } from "../src/evaluation/reliability.ts";
import { startEvaluation } from "../src/evaluation/run.ts";
import type { SuggestionEvent } from "../src/evaluation/simulate.ts";
import { heldOutPackages } from "./held-out-packages.ts";
import { composed, plattScaling } from "./platt-scaling.ts";

// npm run fit:calibration: fits the constants of src/completion/decoding/calibration.ts on the packages that are held out from the
// default model's training, and prints them. Some files of each package are typed at balanced, once after reading the rest of the
// package and once after reading nothing; each suggestion that is shown is one outcome. The probabilities are calibrated as they
// are now, so what is fitted to them is put after the scaling that there is.

/** At most this many characters of a package are typed. */
const mostTyped = 12_000;
const typing = { every: 1, eagerness: "balanced", maxCharacters: usualMaxCharacters, temperature: 0 } as const;

const modelPath = join(import.meta.dirname, "../models/default.onnx");
const events: SuggestionEvent[] = [];
for (const { name, given, typed } of await heldOutPackages(mostTyped)) {
  for (const read of [given, []]) {
    const engine = { modelPath, given: read, sources };
    const measured = await startEvaluation(typed, { engine, typing }, availableParallelism()).measured;
    const shown = measured.flatMap(({ simulation }) => simulation?.events ?? []);
    events.push(...shown);
    console.error(`${name}, ${read.length > 0 ? "the rest given" : "nothing given"}: ${shown.length} suggestions`);
  }
}
const outcomes = events.flatMap(({ probability, isRight }) =>
  probability === undefined ? [] : { probability, isRight },
);
const { slope, intercept } = composed(calibration, plattScaling(outcomes));
console.error(
  `expected calibration error of ${outcomes.length} suggestions until now: ${reliabilityOf(events).error.toFixed(4)}`,
);
console.log(`export const calibration = { slope: ${slope.toFixed(3)}, intercept: ${intercept.toFixed(3)} } as const;`);
