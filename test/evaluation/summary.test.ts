import assert from "node:assert/strict";
import fc from "fast-check";
import { reliabilityOf } from "../../src/evaluation/reliability.ts";
import type { Simulation } from "../../src/evaluation/simulate.ts";
import { summarize } from "../../src/evaluation/summary.ts";

function typed(counts: Partial<Simulation>): Simulation {
  return { chars: 0, acceptedChars: 0, acceptances: 0, shown: 0, wrong: 0, latencies: [], events: [], ...counts };
}

describe("the summary of simulated typing", () => {
  const first = typed({ chars: 100, acceptedChars: 40, acceptances: 5, shown: 7, wrong: 2, latencies: [1, 2, 3] });
  const second = typed({ chars: 300, acceptedChars: 60, acceptances: 10, shown: 11, wrong: 1, latencies: [100] });

  it("charges 2 keystrokes for an acceptance and 3 for a wrong suggestion", () => {
    const { netSaved, acceptedShare, keystrokesSaved, wrongPer100Chars } = summarize([first]);
    assert.deepEqual(
      { netSaved, acceptedShare, keystrokesSaved, wrongPer100Chars },
      { netSaved: 0.24, acceptedShare: 0.4, keystrokesSaved: 0.35, wrongPer100Chars: 2 },
    );
  });

  it("charges the cost of a wrong suggestion at each eagerness", () => {
    assert.deepEqual(summarize([first]).netSavedFor, { quiet: 0.14, balanced: 0.24, eager: 0.28 });
  });

  it("weights files by their length", () => {
    const { chars, acceptedShare, latencyMs } = summarize([first, second]);
    assert.deepEqual({ chars, acceptedShare }, { chars: 400, acceptedShare: 0.25 });
    assert.deepEqual(latencyMs, { p50: 3, p95: 100, p99: 100 });
  });

  it("gives the same intervals each time, around the figures of all files, and none for a single file", () => {
    const files = Array.from({ length: 30 }, (_, i) =>
      typed({ chars: 100 + i, acceptedChars: 30 + (i % 7), acceptances: 5, shown: 6, wrong: i % 3 }),
    );
    const summary = summarize(files);
    assert.deepEqual(summary, summarize(files));
    for (const rate of ["acceptedShare", "keystrokesSaved", "netSaved", "wrongPer100Chars"] as const) {
      const [low, high] = summary.intervals?.[rate] ?? [];
      assert.ok(low! < summary[rate] && summary[rate] < high!, rate);
    }
    assert.equal(summarize([first]).intervals, undefined);
  });

  it("has intervals of zero width if all files are alike", () => {
    assert.deepEqual(summarize([first, first, first]).intervals?.netSaved, [0.24, 0.24]);
  });

  it("is 0, not NaN, without files", () => {
    const { netSaved, acceptedShare, wrongPer100Chars } = summarize([]);
    assert.deepEqual([netSaved, acceptedShare, wrongPer100Chars], [0, 0, 0]);
  });
});

describe("calibration", () => {
  const events = (probability: number, right: number, wrong: number) =>
    Array.from({ length: right + wrong }, (_, i) => ({ probability, isRight: i < right }));

  it("has no error if suggestions are right as often as their probabilities say", () => {
    const { error, bins } = reliabilityOf([...events(0.75, 3, 1), ...events(0.5, 2, 2)]);
    assert.ok(error < 1e-12);
    assert.deepEqual(
      bins.map(({ from, to, count, rightShare }) => ({ from, to, count, rightShare })),
      [
        { from: 0.5, to: 0.6, count: 4, rightShare: 0.5 },
        { from: 0.7, to: 0.8, count: 4, rightShare: 0.75 },
      ],
    );
  });

  it("weights the gap of each bin by its number of suggestions", () => {
    assert.ok(Math.abs(reliabilityOf([...events(0.9, 0, 1), ...events(0.25, 1, 2)]).error - 0.2875) < 1e-9);
  });

  it("counts certainty, and leaves out what has no probability", () => {
    const { bins } = reliabilityOf([
      { probability: 1, isRight: true },
      { probability: undefined, isRight: true },
    ]);
    assert.deepEqual(bins, [{ from: 0.9, to: 1, count: 1, meanProbability: 1, rightShare: 1 }]);
    assert.deepEqual(reliabilityOf([]), { error: 0, bins: [] });
  });

  it("has every suggestion in one bin, and an error from 0 to 1", () => {
    const event = fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), isRight: fc.boolean() });
    fc.assert(
      fc.property(fc.array(event), (shown) => {
        const { error, bins } = reliabilityOf(shown);
        assert.equal(
          bins.reduce((sum, bin) => sum + bin.count, 0),
          shown.length,
        );
        assert.ok(error >= 0 && error <= 1);
      }),
    );
  });
});
