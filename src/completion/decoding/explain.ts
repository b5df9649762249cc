import type { Evidence } from "../prediction/evidence.ts";
import { softmax } from "../prediction/predictor.ts";
import { type Answer, type CompletionSettings, wrongCosts } from "../suggestion.ts";
import { type Continuation, gateOf } from "./continuation.ts";
import type { DecodedCharacter } from "./decoder.ts";
import { type GateState, mostInsideWord } from "./gate.ts";

/** What the gate said of ending a suggestion after a character. */
type EndVerdict =
  /** A suggestion must not end here: within a character, with a blank, or with what the text around it has. */
  | "not-here"
  /** The word probably goes on. */
  | "in-word"
  /** It is better shown after some more keys. */
  | "wait"
  /** It is expected to cost more than it saves. */
  | "costs"
  /** It is expected to save keystrokes. */
  | "saves";

/** A character of what was, or would have been, suggested. */
interface ExplainedCharacter {
  readonly text: string;
  /** Given the text before it, by all sources together. */
  readonly probability: number;
  /** The character that is likeliest beside it, as far as a single token shows it. */
  readonly other: { readonly text: string; readonly probability: number } | undefined;
  readonly evidence: Evidence;
  /** The probability that it and all before it are right. */
  readonly together: number;
  /** The expected number of keystrokes saved by a suggestion that ends here, less what it costs. */
  readonly saving: number;
  /** The probability below which a suggestion that ends here waits. */
  readonly bar: number;
  readonly verdict: EndVerdict;
}

/** Why a suggestion is as it is, or why there is none. */
export interface Explanation {
  readonly answer: Answer;
  /** The cost of a wrong suggestion, in keystrokes' worth of attention. */
  readonly wrongCost: number;
  /** Of the suggestion, and what was decoded after it; without one, those of the likeliest text. */
  readonly characters: readonly ExplainedCharacter[];
  /** How many of the characters are suggested. */
  readonly shown: number;
  /** The length, in characters, that is expected to save most; undefined if none saves anything. */
  readonly best: number | undefined;
}

/** Explains a continuation. The gate's view is that of a suggestion nobody asked for. */
export function explain(
  answer: Answer,
  continuation: Continuation | undefined,
  settings: CompletionSettings,
): Explanation {
  const { eagerness = "balanced" } = settings;
  const gate = { eagerness, isManual: false };
  const { characters = [], ends = [], isEnded = false, shown = 0 } = continuation ?? {};
  const steps = characters.map((_, i) => {
    const isLast = i === characters.length - 1;
    return gateOf({ characters: characters.slice(0, i + 1), ends }, gate, !isLast || isEnded);
  });
  return {
    answer,
    wrongCost: wrongCosts[eagerness],
    characters: characters.map((character, i) => {
      const step = steps[i] as GateState;
      const bar = steps[i - 1]?.bar ?? 0;
      const { gain = 0, wordGoesOn = 0 } = ends[i] ?? {};
      return {
        ...sourcesOf(character),
        together: step.probability,
        saving: step.saving,
        bar,
        verdict: verdictOf(step, bar, gain, wordGoesOn),
      };
    }),
    shown: answer.suggestion ? shown : 0,
    best: steps.at(-1)?.best?.length,
  };
}

function verdictOf({ probability, saving }: GateState, bar: number, gain: number, wordGoesOn: number): EndVerdict {
  if (gain === 0) return "not-here";
  if (wordGoesOn >= mostInsideWord) return "in-word";
  if (probability < bar) return "wait";
  return saving > 0 ? "saves" : "costs";
}

function sourcesOf({
  text,
  tokens,
  probability,
  before,
}: DecodedCharacter): Pick<ExplainedCharacter, "text" | "probability" | "other" | "evidence"> {
  const [first = 0] = tokens;
  const probabilities = softmax(before.logits);
  let other: ExplainedCharacter["other"];
  for (const [token, p] of probabilities.entries()) {
    const shown = token === first ? undefined : before.tokenizer.textOf(token);
    if (shown !== undefined && shown !== "" && p > (other?.probability ?? 0)) other = { text: shown, probability: p };
  }
  return { text, probability, other, evidence: before.evidence(first) };
}
