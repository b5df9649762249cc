import { normalizeText } from "../../model/tokenizer.ts";
import type { DocumentText } from "./document-text.ts";
import { longestTyped, type Span } from "./edit.ts";
import { type LearningFilter, lookBack } from "./learning-filter.ts";
import { joined, type Spans } from "./spans.ts";

/** Lines of more UTF-16 units than this were not typed together. */
const longestJudged = 5 * longestTyped;

/**
 * Finds the lines of a passage that may not be learned, as when it is read from a file. Long passages take several steps.
 * @param passage whole lines
 */
export function* refusedLines(filter: LearningFilter, text: DocumentText, { from, to }: Span): Generator<void, Spans> {
  const refused: Span[] = [];
  const passage = text.slice(from, to);
  let at = 0;
  for (const part of filter.partsOf(passage)) {
    if (at > 0) yield;
    refused.push(...missingLines(passage.slice(at, at + part.length), part.text, from + at));
    at += part.length;
  }
  return joined(refused);
}

/**
 * Finds the lines of a passage that may not be learned while it is being written.
 * @param passage whole lines
 */
export function* refusedAsTyped(filter: LearningFilter, text: DocumentText, passage: Span): Generator<void, Spans> {
  const { from, to } = passage;
  if (to - from > longestJudged) return yield* refusedLines(filter, text, passage);
  const before = text.slice(Math.max(0, from - lookBack), from);
  const typed = text.slice(from, to);
  if (filter.allows(typed, before)) return [];
  const refused: Span[] = [];
  let at = 0;
  for (const line of linesOf(typed)) {
    const end = at + line.length;
    if (!filter.allows(line, (before + typed.slice(0, at)).slice(-lookBack)))
      refused.push({ from: from + at, to: from + end });
    at = end;
  }
  // Each line may be harmless by itself.
  return joined(refused.length > 0 ? refused : [passage]);
}

/** The lines of a text that are not in another one, which has some of its lines in the same order. @param offset that of the text */
function missingLines(text: string, kept: string, offset: number): Span[] {
  const left = normalizeText(kept);
  if (normalizeText(text) === left) return [];
  const missing: Span[] = [];
  let [at, leftAt] = [0, 0];
  for (const line of linesOf(text)) {
    const end = at + line.length;
    const read = normalizeText(line);
    if (left.startsWith(read, leftAt)) leftAt += read.length;
    else missing.push({ from: offset + at, to: offset + end });
    at = end;
  }
  return missing;
}

/** The lines of a text with their ends. */
function linesOf(text: string): string[] {
  return text.split(/(?<=\n|\r(?!\n))/);
}
