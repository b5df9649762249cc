import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import type { TrainingEvent } from "../../src/training/events.ts";
import { train } from "../../src/training/trainer.ts";
import { Folder } from "../support/folder.ts";
import { corpus, never, small } from "../support/training.ts";

type Sampled = Extract<TrainingEvent, { kind: "sampled" }>;

/** The events of a run of sixty steps, and the file that it writes. @param isWatched asked before each step */
async function watchedRun(isWatched: (events: readonly TrainingEvent[]) => boolean) {
  await using folder = await Folder.with();
  const out = folder.join("m.onnx");
  const events: TrainingEvent[] = [];
  for await (const event of train(corpus, { ...small, steps: 60, out }, never, () => isWatched(events)))
    events.push(event);
  const sampled = events.filter((event): event is Sampled => event.kind === "sampled");
  return { events, sampled, weights: weightsIn(await readFile(out)) };
}

/** A model's file without its metadata, which have the date of the run. */
function weightsIn(file: Buffer): Buffer {
  const metadata = file.indexOf('{"formatVersion"');
  assert.ok(metadata > 0);
  return file.subarray(0, metadata);
}

describe("a run that is watched", function () {
  this.timeout(20_000);

  it("shows what the network writes before its first step and after its last, at three temperatures", async () => {
    const { sampled } = await watchedRun(() => true);
    assert.deepEqual([sampled[0]?.step, sampled.at(-1)?.step], [0, 60]);
    for (const { samples } of sampled) {
      assert.deepEqual(
        samples.map(({ temperature, text }) => [temperature, [...text].length]),
        [0.2, 0.7, 1].map((temperature) => [temperature, 160]),
      );
    }
    assert.notDeepEqual(sampled[0]?.samples, sampled.at(-1)?.samples);
  });

  it("learns the same as one that is not, which shows nothing", async () => {
    const [watched, alone] = [await watchedRun(() => true), await watchedRun(() => false)];
    assert.deepEqual(watched.weights, alone.weights);
    assert.deepEqual(alone.sampled, []);
  });

  it("shows it as soon as somebody watches, and no longer than that", async () => {
    const evaluated = (events: readonly TrainingEvent[]): number =>
      events.filter(({ kind }) => kind === "evaluated").length;
    const { sampled } = await watchedRun((events) => evaluated(events) === 4);
    assert.equal(sampled.length, 1);
    assert.equal(sampled[0]?.step, 15);
  });
});
