import { acceptanceCost } from "../completion/decoding/gate.ts";
import { type Eagerness, wrongCosts } from "../completion/suggestion.ts";
import { Random } from "../random.ts";
import type { Simulation } from "./simulate.ts";

/** The counts of one or more typed files. */
type Counts = Pick<Simulation, "chars" | "acceptedChars" | "acceptances" | "shown" | "wrong">;

/** The rates of some counts: shares of all characters, except `wrongPer100Chars`. */
interface Rates {
  /** Share of the characters that were accepted. */
  readonly acceptedShare: number;
  /** Keystrokes saved, if an acceptance costs one key. */
  readonly keystrokesSaved: number;
  /**
   * Keystrokes saved, if an acceptance costs a glance and a key, and a wrong suggestion costs attention. This is the figure that
   * decides between models.
   */
  readonly netSaved: number;
  readonly wrongPer100Chars: number;
}

export type Interval = readonly [low: number, high: number];
type Intervals = { readonly [Rate in keyof Rates]: Interval };

interface Latency {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface Summary extends Counts, Rates {
  /** `netSaved` at each eagerness, which sets the cost of a wrong suggestion. `netSaved` itself is the balanced one. */
  readonly netSavedFor: Readonly<Record<Eagerness, number>>;
  /** Time of a request in milliseconds; NaN if there was none. */
  readonly latencyMs: Latency;
  /** 95 % intervals; a single file has none. */
  readonly intervals: Intervals | undefined;
}

const resamples = 2000;

/** The figures of all files together. */
export function summarize(files: readonly Simulation[]): Summary {
  const counts = files.reduce(add, nothing);
  const latencies = Float64Array.from(files.flatMap((file) => file.latencies)).sort();
  return {
    ...counts,
    ...ratesOf(counts),
    netSavedFor: {
      quiet: netSaved(counts, wrongCosts.quiet),
      balanced: netSaved(counts, wrongCosts.balanced),
      eager: netSaved(counts, wrongCosts.eager),
    },
    latencyMs: { p50: quantile(latencies, 0.5), p95: quantile(latencies, 0.95), p99: quantile(latencies, 0.99) },
    intervals: files.length < 2 ? undefined : bootstrap(files),
  };
}

/** The rates of some counts. Without characters, every rate is 0. */
function ratesOf(counts: Counts): Rates {
  const chars = Math.max(1, counts.chars);
  return {
    acceptedShare: counts.acceptedChars / chars,
    keystrokesSaved: (counts.acceptedChars - counts.acceptances) / chars,
    netSaved: netSaved(counts, wrongCosts.balanced),
    wrongPer100Chars: (100 * counts.wrong) / chars,
  };
}

function netSaved({ chars, acceptedChars, acceptances, wrong }: Counts, wrongCost: number): number {
  return (acceptedChars - acceptanceCost * acceptances - wrongCost * wrong) / Math.max(1, chars);
}

/**
 * 95 % intervals by the bootstrap (Efron, "Bootstrap Methods: Another Look at the Jackknife", 1979): as many files are drawn with
 * replacement, many times, and the interval is from the 2.5th to the 97.5th percentile of their rates. The same files in the same
 * order give the same intervals.
 */
function bootstrap(files: readonly Counts[]): Intervals {
  const random = new Random(1);
  const drawn = Array.from({ length: resamples }, () => {
    let counts = nothing;
    for (let i = 0; i < files.length; i++) counts = add(counts, files[random.below(files.length)] ?? nothing);
    return ratesOf(counts);
  });
  const interval = (rate: keyof Rates): Interval => {
    const values = Float64Array.from(drawn, (rates) => rates[rate]).sort();
    return [quantile(values, 0.025), quantile(values, 0.975)];
  };
  return {
    acceptedShare: interval("acceptedShare"),
    keystrokesSaved: interval("keystrokesSaved"),
    netSaved: interval("netSaved"),
    wrongPer100Chars: interval("wrongPer100Chars"),
  };
}

const nothing: Counts = { chars: 0, acceptedChars: 0, acceptances: 0, shown: 0, wrong: 0 };

function add(a: Counts, b: Counts): Counts {
  return {
    chars: a.chars + b.chars,
    acceptedChars: a.acceptedChars + b.acceptedChars,
    acceptances: a.acceptances + b.acceptances,
    shown: a.shown + b.shown,
    wrong: a.wrong + b.wrong,
  };
}

/** The value below which a share of the values lies (nearest rank). @param sorted ascending */
function quantile(sorted: Float64Array, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
