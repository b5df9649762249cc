import { join } from "node:path";
import { loadFittingPairs } from "../bench/completion/releases.ts";
import { squash, stretch } from "../src/completion/prediction/local/logistic.ts";
import { markOf, Place } from "../src/completion/prediction/local/place.ts";
import { agreementLevels, missLevels, ReplacedText } from "../src/completion/prediction/local/replaced-text.ts";
import type { ReplacedTrust } from "../src/completion/prediction/replaced-trust.ts";
import { bytesOf } from "../src/completion/text.ts";
import { editsOf } from "../src/evaluation/edits/edits.ts";
import type { ChangedFile } from "../src/evaluation/edits/tree.ts";
import { type EngineUnderTest, prepareEngine, sources, workspaceUri } from "../src/evaluation/engine-under-test.ts";
import { distributionsOf } from "./recorded-texts.ts";

// npm run fit:replaced: fits how far replaced text is trusted, in src/completion/prediction/replaced-trust.ts, on edits that lead from one
// release to another, of projects that are not measured, and prints it. Only edits that replace text are typed.

/** Characters of each pair that are typed, at most. */
const mostTyped = 6_000;
/** Characters before what is typed that the network reads. */
const context = 1_500;
/** Of the regression: the weight of the squared parameters, which are few. */
const l2 = 1;
const rate = 0.1;
const steps = 5_000;

/** A byte that was expected. */
interface Expectation {
  /** What the other sources predicted, in the logistic domain. */
  readonly x: number;
  readonly level: number;
  readonly misses: number;
  readonly isRight: boolean;
}

const modelPath = join(import.meta.dirname, "../models/default.onnx");
const expectations: Expectation[] = [];
for (const { name, before, changed } of await loadFittingPairs()) {
  const underTest = await prepareEngine({ modelPath, given: before, sources });
  const seen = expectations.length;
  let left = mostTyped;
  for (const file of changed) {
    if (left <= 0) break;
    left -= await typeReplacements(underTest, file, left);
  }
  await underTest.release();
  console.error(`${name}: ${expectations.length - seen} of ${mostTyped - left} characters are expected`);
}
console.log(`const fitted: ReplacedTrust = ${JSON.stringify(trustFor(expectations), undefined, 2)};`);

/** Types a file's edits that replace text, and notes each byte that the replaced text expects. @returns the characters typed */
async function typeReplacements(underTest: EngineUnderTest, file: ChangedFile, limit: number): Promise<number> {
  const { engine, mixture, restore } = underTest;
  if (!mixture) return 0;
  restore();
  const uri = workspaceUri(file.name);
  let done = 0;
  for (const { kind, former, head, typed, tail } of editsOf(file.former, file.text)) {
    if (done >= limit) break;
    if (kind !== "changed lines" && kind !== "inside a line") continue;
    await engine.update(uri, former);
    await engine.update(uri, head + tail);
    const above = bytesOf(head.slice(-context));
    const written = bytesOf(typed.slice(0, limit - done));
    const distributions = (await distributionsOf(engine.model, Buffer.concat([above, written]))).slice(above.length);
    const place = new Place(markOf(uri));
    for (const byte of above) mixture.local.advance(place, byte);
    let replaced = ReplacedText.begin(
      bytesOf(former.slice(head.length, former.length - tail.length)),
      kind === "changed lines",
    );
    written.forEach((byte, i) => {
      const { expected, level, misses } = replaced;
      if (expected >= 0) {
        const probabilities = mixture.distribution(place, distributions[i]);
        expectations.push({ x: stretch(probabilities[expected] ?? 0), level, misses, isRight: byte === expected });
      }
      replaced = replaced.after(byte);
      mixture.local.learn(place, byte);
    });
    await engine.update(uri, head + typed + tail);
    done += written.length;
  }
  await engine.close(uri);
  return done;
}

/** Logistic regression, by gradient descent. */
function trustFor(all: readonly Expectation[]): ReplacedTrust {
  const [byLevel, byMisses] = [new Float64Array(agreementLevels), new Float64Array(missLevels)];
  let factor = 1;
  const score = ({ x, level, misses }: Expectation): number =>
    factor * x + (byLevel[level] as number) + (byMisses[misses] as number);
  for (let step = 0; step < steps; step++) {
    const [toLevel, toMisses] = [byLevel.map((w) => l2 * w), byMisses.map((w) => l2 * w)];
    let toFactor = l2 * (factor - 1);
    for (const one of all) {
      const error = squash(score(one)) - (one.isRight ? 1 : 0);
      toFactor += error * one.x;
      (toLevel[one.level] as number) += error;
      (toMisses[one.misses] as number) += error;
    }
    factor -= (rate * toFactor) / all.length;
    for (let i = 0; i < byLevel.length; i++) (byLevel[i] as number) -= (rate * (toLevel[i] as number)) / all.length;
    for (let i = 0; i < byMisses.length; i++) (byMisses[i] as number) -= (rate * (toMisses[i] as number)) / all.length;
  }
  const cost = (p: number, isRight: boolean): number => -Math.log2(isRight ? p : 1 - p) / all.length;
  const costs = (predict: (one: Expectation) => number): string =>
    all.reduce((sum, one) => sum + cost(predict(one), one.isRight), 0).toFixed(3);
  console.error(
    `bits for each whether it comes: ${costs(({ x }) => squash(x))} before, ${costs((one) => squash(score(one)))} after`,
  );
  const rounded = (values: Iterable<number>): number[] => Array.from(values, (value) => Number(value.toFixed(2)));
  return { factor: Number(factor.toFixed(2)), byLevel: rounded(byLevel), byMisses: rounded(byMisses) };
}
