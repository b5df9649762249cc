/** What an acceptance costs, in keystrokes: a glance and a key. */
const acceptanceCost = 2;
/** What a wrong suggestion costs, in keystrokes' worth of attention. */
const wrongCost = 3;

/** What the gate has seen of a continuation. */
export interface GateState {
  /** Number of characters seen. */
  readonly length: number;
  /** That all of them are right. */
  readonly probability: number;
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

export const nothingSeen: GateState = { length: 0, probability: 1 };

/** Expected keystrokes that showing `gain` new characters saves, which are right with `probability` (design.md §7). */
export function expectedSaving(probability: number, gain: number): number {
  return probability * (gain - acceptanceCost) - wrongCost * (1 - probability);
}

/**
 * Adds one character to what the gate has seen.
 * @param probability of the character after those before it
 * @param gain how many characters the user would not have to type if the suggestion ended with this one; 0 if it must not end there
 */
export function consider(state: GateState, probability: number, gain: number): GateState {
  const length = state.length + 1;
  const product = state.probability * probability;
  const saving = expectedSaving(product, gain);
  const isBest = saving > (state.best?.saving ?? 0);
  return { length, probability: product, best: isBest ? { length, probability: product, saving } : state.best };
}

/** Whether no longer continuation can save more than the best so far, even if everything that follows were certain. */
export function isDecided(state: GateState, largestGain: number): boolean {
  return expectedSaving(state.probability, largestGain) <= (state.best?.saving ?? 0);
}
