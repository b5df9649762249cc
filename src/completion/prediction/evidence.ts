import {
  directContextNames,
  directCount,
  ownContextNames,
  successorContextNames,
  successorCount,
} from "./local/contexts.ts";
import { matchInputsAt, ownInputsAt } from "./local/local-model.ts";

/** What the sources say of a token, each by itself. */
export interface Evidence {
  /** The network's own probability; undefined where there is no network. */
  readonly network?: number | undefined;
  /** The context of the local model that makes it likeliest; undefined if none expects it. */
  readonly context?: ContextEvidence | undefined;
  /** The longest repeat of the text before the token; undefined if there is none. */
  readonly repeat?: RepeatEvidence | undefined;
}

export interface ContextEvidence {
  /** In a user's words. */
  readonly name: string;
  /** The probability that it gives by itself. */
  readonly probability: number;
  /** Whether it was seen last in the same text, or in another; undefined if that is not recorded. */
  readonly isHere?: boolean | undefined;
}

interface RepeatEvidence {
  /** Of the byte that it expects, in the local model's history. */
  readonly position: number;
  /** How many bytes before the token are the same, up to 63. */
  readonly length: number;
  /** Whether it expects this token. */
  readonly isRight: boolean;
}

/**
 * The strongest of the local model's contexts.
 * @param probabilities that each gives to a byte, in the order of the mixer's inputs; 0 where it does not expect it
 */
export function strongestContext(probabilities: ArrayLike<number>): ContextEvidence | undefined {
  let strongest: ContextEvidence | undefined;
  for (let i = 0; i < matchInputsAt; i++) {
    const probability = probabilities[i] ?? 0;
    if (probability > (strongest?.probability ?? 0)) strongest = { ...contextAt(i), probability };
  }
  return strongest;
}

/** Which context an input of the mixer comes from; see Successors.predict. */
function contextAt(input: number): Omit<ContextEvidence, "probability"> {
  if (input < directCount) return { name: directContextNames()[input] ?? "" };
  if (input >= ownInputsAt) return { name: ownContextNames()[input - ownInputsAt] ?? "", isHere: true };
  const successor = input - directCount;
  const isHere = successor >= successorCount;
  return { name: successorContextNames()[successor % successorCount] ?? "", isHere };
}
