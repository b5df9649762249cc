import type { Simulation } from "../../src/evaluation/simulate.ts";
import { type Interval, summarize } from "../../src/evaluation/summary.ts";
import { Random } from "../../src/random.ts";
import { mean, quantile } from "../support.ts";

/** A figure of simulated typing that is a share of all characters. */
export type Rate = "acceptedShare" | "netSaved" | "wrongPer100Chars";

const resamples = 2000;

/**
 * A 95 % interval for the mean of a rate over workspaces: each workspace's files drawn with replacement, many times.
 * @param workspaces the files of each
 */
export function meanInterval(workspaces: readonly (readonly Simulation[])[], rate: Rate): Interval {
  const random = new Random(1);
  // A rate of several files is the sum of what it counts over the sum of their characters.
  const counted = workspaces.map((files) =>
    files.map((file) => ({ chars: file.chars, count: summarize([file])[rate] * file.chars })),
  );
  const drawn = Array.from({ length: resamples }, () =>
    mean(
      counted.map((files) => {
        let [count, chars] = [0, 0];
        for (let i = 0; i < files.length; i++) {
          const file = files[random.below(files.length)];
          count += file?.count ?? 0;
          chars += file?.chars ?? 0;
        }
        return count / Math.max(1, chars);
      }),
    ),
  );
  return [quantile(drawn, 0.025), quantile(drawn, 0.975)];
}
