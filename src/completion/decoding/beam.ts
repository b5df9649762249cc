import { type Continuation, type DecodingLimits, emptyContinuation, extend, seen, textOf } from "./continuation.ts";
import { decodeOther, type FitBlank, firstToken } from "./decoder.ts";
import { consider, type GateState, isDecided } from "./gate.ts";
import { fittedBlank } from "./indentation.ts";
import { secondProbability } from "./sampling.ts";

/** Continuations that are decoded beside the greedy one. */
const mostBranches = 2;

/**
 * A beam search, pruned by the gate. The greedy continuation takes the likeliest character everywhere, and can miss a better one
 * that begins as it does: where two characters are about as likely, and what follows the second is certain. So the likeliest
 * continuations that leave it at one place are decoded too, as far as they may still save more than it; the one that saves most
 * is taken. Nothing leaves it at its first character: what is so unsure waits for a key.
 * @param greedy decoded at temperature 0 as far as the gate wants it
 * @param shown how many of its characters are shown already, and stay
 */
export async function bestOfBeam(greedy: Continuation, shown: number, limits: DecodingLimits): Promise<Continuation> {
  let best = greedy;
  for (const index of branchPoints(greedy, Math.max(1, shown), limits)) {
    if (limits.signal.aborted || limits.isOutOfTime()) return { ...best, isCutShort: true };
    const branch = await decodeBranch(greedy, index, limits);
    if (branch && savingOf(branch, limits) > savingOf(best, limits)) best = branch;
  }
  return best;
}

/** Where to leave a continuation, likeliest branch first. @param first the first place where it may be left */
function branchPoints({ characters }: Continuation, first: number, limits: DecodingLimits): number[] {
  const { best } = seen(characters, limits);
  const points: { readonly index: number; readonly probability: number }[] = [];
  let gate: GateState = { ...seen([], limits), best };
  for (const [index, { before, probability }] of characters.entries()) {
    const branch = consider(gate, gate.probability * secondProbability(before.logits), 0);
    if (index >= first && !isDecided(branch, limits.maxCharacters))
      points.push({ index, probability: branch.probability });
    gate = consider(gate, gate.probability * probability, 0);
  }
  return points
    .sort((a, b) => b.probability - a.probability)
    .slice(0, mostBranches)
    .map(({ index }) => index);
}

async function decodeBranch(
  { offset, start, characters }: Continuation,
  index: number,
  limits: DecodingLimits,
): Promise<Continuation | undefined> {
  const left = characters[index];
  if (!left) return undefined;
  const kept = characters.slice(0, index);
  const fitBlank: FitBlank = (next) => fittedBlank(next, textOf(kept), limits.around);
  const other = await decodeOther(left.before, new Set([firstToken(left)]), fitBlank);
  if (!other || other.text === left.text) return undefined;
  return await extend({ ...emptyContinuation(offset, start), characters: [...kept, other] }, limits);
}

function savingOf({ characters, shown }: Continuation, limits: DecodingLimits): number {
  return seen(characters.slice(0, shown), limits, true).best?.saving ?? 0;
}
