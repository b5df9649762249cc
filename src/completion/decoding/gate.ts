/** What an acceptance costs, in keystrokes: a glance and a key. */
export const acceptanceCost = 2;

/** What the gate has seen of a continuation. */
export interface GateState {
  /** What a wrong suggestion costs, in keystrokes' worth of attention. */
  readonly wrongCost: number;
  /** Number of characters seen. */
  readonly length: number;
  /** That all of them are right. */
  readonly probability: number;
  /** A suggestion that is right with less than this is better shown later, if at all; see {@link consider}. */
  readonly bar: number;
  /** The length that saves most; undefined while none saves anything. */
  readonly best?: Choice | undefined;
}

interface Choice {
  /** Number of characters to show. */
  readonly length: number;
  /** That all of these are right. */
  readonly probability: number;
  /** Expected keystrokes saved by showing them, net of the costs. */
  readonly saving: number;
}

export function nothingSeen(wrongCost: number): GateState {
  return { wrongCost, length: 0, probability: 1, bar: 0 };
}

/** Expected keystrokes that showing `gain` new characters saves, which are right with `probability` (the cost of simulated typing). */
export function expectedSaving(probability: number, gain: number, wrongCost: number): number {
  return probability * (gain - acceptanceCost) - wrongCost * (1 - probability);
}

/**
 * Adds one character to what the gate has seen.
 *
 * A suggestion is not compared with silence alone, but with being shown j characters later, when the user has typed these. With
 * P that all of it is right and P_j that its first j characters are, that loses j characters where all is right, and saves the
 * cost of a wrong one where one of the first j is not: it pays to wait unless P·j ≥ cost·(1 − P_j). So what is unsure at its
 * beginning waits for a key, and what becomes unsure later is cut there.
 * @param probability that this character and all before it are right
 * @param gain how many characters the user would not have to type if the suggestion ended with this one; 0 if it must not end there
 */
export function consider(state: GateState, probability: number, gain: number): GateState {
  const { wrongCost } = state;
  const length = state.length + 1;
  const saving = expectedSaving(probability, gain, wrongCost);
  const isBest = probability >= state.bar && saving > (state.best?.saving ?? 0);
  return {
    wrongCost,
    length,
    probability,
    bar: Math.max(state.bar, (wrongCost * (1 - probability)) / length),
    best: isBest ? { length, probability, saving } : state.best,
  };
}

/** Whether no longer continuation can be better than the best so far, even if everything that follows were certain. */
export function isDecided(state: GateState, largestGain: number): boolean {
  if (state.probability < state.bar) return true;
  return expectedSaving(state.probability, largestGain, state.wrongCost) <= (state.best?.saving ?? 0);
}
