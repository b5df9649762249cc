import assert from "node:assert/strict";
import { afterEnd, afterEvent, newRun, pastRunOf } from "../../../src/server/runs/run-view.ts";
import type { HeldOut, TrainingEvent, TrainingResult } from "../../../src/training/events.ts";

const heldOut: HeldOut = { chars: 4000, bitsPerChar: 1.5, mixed: 0.6 };
const started: TrainingEvent = {
  kind: "started",
  task: "many-to-many",
  parameters: 1,
  trainChars: 90_000,
  trainFiles: 12,
  heldOutChars: 9000,
  heldOutFiles: 2,
  step: 0,
  initial: heldOut,
};

function progress(seconds: number, trainBitsPerChar = 1): TrainingEvent {
  const times = { seconds, secondsLeft: 10, progress: 0.5, charsPerSecond: 5000 };
  return { kind: "progress", step: 10 * seconds, ...times, trainBitsPerChar, heldOut };
}

function evaluated(seconds: number, mixed: number): TrainingEvent {
  return { kind: "evaluated", step: 1, seconds, heldOut: { ...heldOut, mixed } };
}

function runOf(...events: readonly TrainingEvent[]) {
  return events.reduce(afterEvent, newRun(3));
}

const result: TrainingResult = {
  model: "m.onnx",
  parameters: 1,
  trainChars: 90_000,
  steps: 100,
  seconds: 170,
  charsPerSecond: 5000,
  isBetter: true,
  heldOut: { chars: 9000, bitsPerChar: 1.4, mixed: 0.5, acceptedShare: 0.41 },
  before: { ...heldOut, acceptedShare: 0.36 },
};

describe("a run as it is shown", () => {
  it("has the text, the figures and what was written so far, in their order", () => {
    const samples = [{ temperature: 0.2, text: "tttt" }];
    const run = runOf(
      started,
      evaluated(0, 0.6),
      { kind: "sampled", step: 0, seconds: 0, samples },
      { kind: "compared", heldOut: { ...heldOut, mixed: 0.7 } },
      progress(0.5, 1.2),
      progress(1),
      evaluated(1, 0.55),
    );
    assert.equal(run.state, "training");
    assert.deepEqual(run.text, { files: 12, characters: 90_000, heldOutFiles: 2, heldOutCharacters: 9000 });
    assert.deepEqual(
      run.learned.map((point) => [point.seconds, point.bitsPerChar]),
      [
        [0.5, 1.2],
        [1, 1],
      ],
    );
    assert.deepEqual(
      run.evaluations.map((one) => [one.seconds, one.mixed]),
      [
        [0, 0.6],
        [1, 0.55],
      ],
    );
    assert.deepEqual([run.start?.mixed, run.shipped?.mixed], [0.6, 0.7]);
    assert.deepEqual(run.written, [{ seconds: 0, samples }]);
    assert.deepEqual(run.progress, { share: 0.5, seconds: 1, secondsLeft: 10, charactersPerSecond: 5000 });
  });

  it("stays short however long it takes, and keeps the mean of what it leaves out", () => {
    const count = 5000;
    const run = runOf(started, ...Array.from({ length: count }, (_, i) => progress((i + 1) / 2, i % 2)));
    assert.ok(run.learned.length <= 401 && run.learned.length >= 200, `${run.learned.length} points`);
    assert.equal(
      run.learned.reduce((sum, { reports }) => sum + reports, 0),
      count,
    );
    const mean = run.learned.reduce((sum, one) => sum + one.reports * one.bitsPerChar, 0) / count;
    assert.ok(Math.abs(mean - 0.5) < 1e-6);
    assert.ok(run.learned.every(({ seconds }, i) => i === 0 || seconds > run.learned[i - 1]!.seconds));
  });

  it("says what went wrong, and how it ended", () => {
    const run = runOf(started, { kind: "recovered", diverged: 8, step: 4, learningRate: 1 });
    assert.match(run.notes.join(), /diverged at step 8/);
    const ended = afterEnd({ ...run, isPaused: true }, { outcome: "kept", message: "No better." });
    assert.deepEqual([ended.state, ended.isPaused, ended.result?.outcome], ["ended", false, "kept"]);
  });

  it("shows no samples where there are none", () => {
    assert.deepEqual(runOf(started, { kind: "sampled", step: 0, seconds: 0, samples: [] }).written, []);
  });
});

describe("a run in the table of past runs", () => {
  const now = new Date(0);

  it("has what it brought", () => {
    const run = pastRunOf(runOf(started), { kind: "done", result }, { outcome: "installed", message: "" }, now);
    assert.deepEqual([run?.files, run?.characters, run?.seconds, run?.outcome], [12, 90_000, 170, "installed"]);
    assert.deepEqual([run?.before?.acceptedShare, run?.after?.acceptedShare], [0.36, 0.41]);
  });

  it("has no figures if it was cancelled, and is left out if it never began", () => {
    const cancelled = { outcome: "cancelled", message: "" } as const;
    const run = pastRunOf(runOf(started, progress(7)), undefined, cancelled, now);
    assert.deepEqual([run?.seconds, run?.before, run?.after], [7, undefined, undefined]);
    assert.equal(pastRunOf(newRun(3), undefined, cancelled, now), undefined);
  });
});
