import { textOf } from "./account.ts";
import { type Continuation, type DecodingLimits, emptyContinuation, extend, gateOf } from "./continuation.ts";
import { decodeOther, type FitBlank, firstToken } from "./decoder.ts";
import { fittedDepth } from "./depth.ts";
import { fittedBlank } from "./fitted-blank.ts";
import { consider, type GateState, isDecided } from "./gate.ts";
import { secondProbability } from "./sampling.ts";

/** The most continuations that are decoded in addition to the greedy one. */
const mostBranches = 2;

/**
 * A beam search, pruned by the gate. The greedy continuation takes the likeliest character everywhere. It can miss a better
 * continuation where two characters are about equally likely, and the text after the second is certain. So the likeliest branches
 * that leave the greedy continuation are decoded too, as long as they may still save more. The one that saves most is taken. No
 * branch leaves at the first character: a suggestion with such an uncertain beginning is better shown after the next key.
 * @param greedy decoded at temperature 0 until the gate is decided
 * @param shown the number of its characters that are shown already and must stay
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

/** The places at which to leave a continuation, likeliest branch first. @param first the first place that is allowed */
function branchPoints(greedy: Continuation, first: number, limits: DecodingLimits): number[] {
  const { best } = gateOf(greedy, limits, greedy.isEnded);
  const points: { readonly index: number; readonly probability: number }[] = [];
  let gate: GateState = { ...gateOf({ characters: [], ends: [] }, limits), best };
  for (const [index, { before, probability }] of greedy.characters.entries()) {
    const branch = consider(gate, gate.probability * secondProbability(before.logits), 0, 0);
    if (index >= first && !isDecided(branch, limits.maxCharacters))
      points.push({ index, probability: branch.probability });
    gate = consider(gate, gate.probability * probability, 0, 0);
  }
  return points
    .sort((a, b) => b.probability - a.probability)
    .slice(0, mostBranches)
    .map(({ index }) => index);
}

async function decodeBranch(
  { offset, start, characters, ends }: Continuation,
  index: number,
  limits: DecodingLimits,
): Promise<Continuation | undefined> {
  const left = characters[index];
  if (!left) return undefined;
  const kept = characters.slice(0, index);
  const fitBlank: FitBlank = (next) => fittedBlank(next, textOf(kept), limits.around);
  const other = await decodeOther(left.before, new Set([firstToken(left)]), fitBlank);
  if (!other || other.text === left.text) return undefined;
  if (fittedDepth(textOf([...kept, other]), limits.around)) return undefined;
  // The last of these characters is looked at again, because another follows it.
  const known = { characters: [...kept, other], ends: ends.slice(0, index - 1) };
  return await extend({ ...emptyContinuation(offset, start), ...known }, limits);
}

function savingOf({ characters, ends, shown }: Continuation, limits: DecodingLimits): number {
  return gateOf({ characters: characters.slice(0, shown), ends }, limits, true).best?.saving ?? 0;
}
