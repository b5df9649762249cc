import assert from "node:assert/strict";
import { trainingPage } from "../../src/extension/training-page.ts";
import type { PastRun, TrainingRun } from "../../src/server/training-protocol.ts";

const here = { server: { state: "ready", model: "m" }, hasFolder: true, isTrusted: true } as const;
const run: TrainingRun = {
  state: "training",
  isPaused: false,
  minutes: 3,
  text: { files: 12, characters: 1_234_567, heldOutFiles: 2, heldOutCharacters: 9000 },
  progress: { share: 0.25, seconds: 40, secondsLeft: 124, charactersPerSecond: 5210.4 },
  learned: [{ seconds: 40, bitsPerChar: 1.3, reports: 1 }],
  evaluations: [
    { seconds: 0, bitsPerChar: 1.6, mixed: 0.6 },
    { seconds: 40, bitsPerChar: 1.4, mixed: 0.57 },
  ],
  start: { bitsPerChar: 1.6, mixed: 0.6 },
  shipped: { bitsPerChar: 1.7, mixed: 0.65 },
  written: [0, 40].map((seconds) => ({
    seconds,
    samples: [0.2, 0.7, 1].map((temperature) => ({ temperature, text: `${temperature} after ${seconds}` })),
  })),
  notes: [],
};
const past: PastRun[] = [
  {
    ended: "2026-01-01T12:00:00.000Z",
    files: 1,
    characters: 900,
    seconds: 3723,
    outcome: "installed",
    before: { bitsPerChar: 1.6, mixed: 0.6, acceptedShare: 0.362 },
    after: { bitsPerChar: 1.4, mixed: 0.57, acceptedShare: 0.414 },
  },
  { ended: "2026-01-01T11:00:00.000Z", files: 2, characters: 120_000, seconds: 7, outcome: "cancelled" },
];

const page = (change: Partial<TrainingRun> = {}) => trainingPage({ run: { ...run, ...change }, past: [] }, here);
const actions = (of: ReturnType<typeof page>) => of.buttons.map(({ action }) => action);

describe("the training page", () => {
  it("says in plain words how a run goes, and offers what can be done about it", () => {
    const { headline, lines, share } = page();
    assert.equal(headline, "Training: 25 %, about 2 min left");
    assert.equal(share, 0.25);
    const text = lines.join(" ");
    assert.match(text, /Predicts files that it has not seen 5 % better so far\./);
    assert.match(text, /Learns from 12 files, 1\.2 million characters\./);
    assert.match(text, /5,210 characters a second/);
    assert.deepEqual(actions(page()), ["pause", "stop", "cancel"]);
    assert.deepEqual(actions(page({ isPaused: true })), ["resume", "stop", "cancel"]);
    assert.match(page({ isPaused: true }).headline, /^Paused at 25 %/);
    assert.deepEqual(actions(page({ state: "ending" })), ["cancel"]);
  });

  it("does not promise what is not there", () => {
    const worse = page({ evaluations: [{ seconds: 1, bitsPerChar: 1.7, mixed: 0.61 }] });
    assert.match(worse.lines.join(), /No better yet/);
  });

  it("draws what users get and the network alone, with the levels of the models that came before", () => {
    const [mixed, alone] = page().charts;
    assert.deepEqual(
      mixed?.lines.map(({ kind }) => kind),
      ["heldOut", "start", "shipped"],
    );
    assert.deepEqual(
      alone?.lines.map(({ kind }) => kind),
      ["learned", "heldOut", "start", "shipped"],
    );
    // In minutes: 40 seconds are a quarter of the run.
    assert.ok(Math.abs((mixed?.xEnd ?? 0) - 160 / 60) < 1e-9);
    assert.deepEqual(mixed?.lines[0]?.points.at(-1), [40 / 60, 0.57]);
    assert.match(mixed?.summary ?? "", /After 0:40 it needs 0\.570 .* started from needs 0\.600/);
    assert.deepEqual(page().evaluations?.rows, [
      ["0:00", "0.600", "1.600"],
      ["0:40", "0.570", "1.400"],
    ]);
  });

  it("draws one chart of a network that is not mixed, in seconds if the run is short", () => {
    const evaluations = run.evaluations.map(({ seconds, bitsPerChar }) => ({ seconds, bitsPerChar }));
    const { charts } = page({ evaluations, start: { bitsPerChar: 1.6 }, state: "ended" });
    assert.equal(charts.length, 1);
    assert.deepEqual([charts[0]?.xLabel, charts[0]?.xEnd], ["Seconds of training", 40]);
  });

  it("shows what the network wrote, the last first", () => {
    const { head, rows } = page().written ?? {};
    assert.deepEqual(head, ["Time", "Temperature 0.2", "Temperature 0.7", "Temperature 1"]);
    assert.deepEqual(
      rows?.map(([time, first]) => [time, first]),
      [
        ["0:40", "0.2 after 40"],
        ["0:00", "0.2 after 0"],
      ],
    );
  });

  it("lists past runs with what they brought", () => {
    const rows = trainingPage({ past }, here).past?.rows.map((row) => row.slice(1));
    assert.deepEqual(rows, [
      ["1 file, 900 characters", "1:02:03", "36 % → 41 %", "0.600 → 0.570", "New model in use"],
      ["2 files, 120 thousand characters", "0:07", "", "", "Discarded"],
    ]);
  });

  it("shows how the last run ended, and offers another", () => {
    const ended = page({ state: "ended", result: { outcome: "kept", message: "No better than before." } });
    assert.equal(ended.headline, "Training has ended");
    assert.ok(ended.lines.includes("No better than before."));
    assert.equal(ended.share, undefined);
    assert.deepEqual(actions(ended), ["train", "showLog"]);
    assert.equal(page({ state: "ended", result: { outcome: "failed", message: "x" } }).headline, "Training failed");
  });

  it("says what to do where nothing can be trained, and keeps the past runs in sight", () => {
    const at = (change: object) => trainingPage({ run, past }, { ...here, ...change });
    const off = at({ server: { state: "off" } });
    assert.deepEqual([off.headline, ...actions(off)], ["Murmur is off", "turnOn"]);
    assert.deepEqual(actions(at({ isTrusted: false })), ["trust"]);
    assert.deepEqual(actions(at({ hasFolder: false })), ["openFolder"]);
    assert.deepEqual(at({ server: { state: "failed", message: "It crashed." } }).lines, ["It crashed."]);
    assert.deepEqual([off.charts, off.past?.rows.length], [[], 2]);
    assert.deepEqual(actions(trainingPage({ past: [] }, here)), ["train"]);
  });
});
