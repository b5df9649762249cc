/** The cost of accepting a suggestion, in keystrokes: a glance and a key. */
export const acceptanceCost = 2;

/** The gate's view of a continuation, character by character. */
export interface GateState {
  /** The cost of a wrong suggestion, in keystrokes' worth of attention. */
  readonly wrongCost: number;
  /** Number of characters seen. */
  readonly length: number;
  /** The probability that all of them are right: the product of the models' probabilities, not calibrated. */
  readonly probability: number;
  /** Expected keystrokes saved by ending after the last of them, minus the costs; see {@link consider}. */
  readonly saving: number;
  /** A suggestion with a lower probability is better shown later, or not at all; see {@link consider}. */
  readonly bar: number;
  /** The length that saves most; undefined while no length saves anything. */
  readonly best?: Choice | undefined;
}

interface Choice {
  /** Number of characters to show. */
  readonly length: number;
  /** The probability that all of these are right. */
  readonly probability: number;
  /** Expected keystrokes saved by showing them, minus the costs. */
  readonly saving: number;
}

/** The gate's view before the first character. */
export function nothingSeen(wrongCost: number): GateState {
  return { wrongCost, length: 0, probability: 1, saving: 0, bar: 0 };
}

/**
 * The expected number of keystrokes saved by showing a suggestion, by the cost model of simulated typing.
 * @param probability that the suggestion is right
 * @param gain number of characters that the user need not type if it is right
 */
export function expectedSaving(probability: number, gain: number, wrongCost: number): number {
  return probability * (gain - acceptanceCost) - wrongCost * (1 - probability);
}

/** The cost of ending within a word, in wrong suggestions. */
const insideWord = 2;

/** A suggestion does not end where the word goes on with at least this probability. */
export const mostInsideWord = 0.5;

/**
 * Adds one character to what the gate has seen.
 *
 * A suggestion is compared not only with silence, but also with showing it j characters later, after the user has typed these.
 * Let P be the probability that all of it is right, and P_j that its first j characters are. Waiting loses j characters if all is
 * right, and saves the cost of a wrong suggestion if one of the first j is not. So waiting pays unless P·j ≥ cost·(1 − P_j). A
 * suggestion with an uncertain beginning waits for a key, and one that becomes uncertain later is cut there.
 *
 * The probabilities are products of the models' own probabilities, and not calibrated. The calibration is fitted to the
 * suggestions that this gate shows, at their full length. It does not hold for what the gate must compare: beginnings of a
 * suggestion, and continuations that are not shown.
 *
 * A suggestion ends with whole words: not where the word more likely goes on. Otherwise, ending within a word costs more than a wrong
 * suggestion, because the user has accepted it by then, and has to look at the word and finish it.
 * @param probability that this character and all before it are right
 * @param gain the number of characters that the user need not type if the suggestion ends here; 0 if it must not end here
 * @param wordGoesOn the probability that the word at this end continues, given that all is right so far
 */
export function consider(state: GateState, probability: number, gain: number, wordGoesOn: number): GateState {
  const { wrongCost } = state;
  const length = state.length + 1;
  const saving = expectedSaving(probability, gain, wrongCost) - insideWord * wrongCost * probability * wordGoesOn;
  const isBest = wordGoesOn < mostInsideWord && probability >= state.bar && saving > (state.best?.saving ?? 0);
  return {
    wrongCost,
    length,
    probability,
    saving,
    bar: Math.max(state.bar, (wrongCost * (1 - probability)) / length),
    best: isBest ? { length, probability, saving } : state.best,
  };
}

/** Whether no longer suggestion can be better than the best so far, even if all further characters were certain. */
export function isDecided(state: GateState, largestGain: number): boolean {
  if (state.probability < state.bar) return true;
  return expectedSaving(state.probability, largestGain, state.wrongCost) <= (state.best?.saving ?? 0);
}
