import { normalizeText } from "../../model/tokenizer.ts";
import type { Span } from "../../span.ts";
import type { DocumentText } from "./document-text.ts";
import { type LearningFilter, lookBack } from "./learning-filter.ts";
import { joined, type Spans } from "./spans.ts";

/** Finds the lines of a text that may not be learned, as when it is read from a file. A long text takes several steps. */
export function* refusedLines(filter: LearningFilter, text: DocumentText): Generator<void, Spans> {
  const refused: Span[] = [];
  const all = text.toString();
  let at = 0;
  for (const part of filter.partsOf(all)) {
    if (at > 0) yield;
    refused.push(...missingLines(all.slice(at, at + part.length), part.text, at));
    at += part.length;
  }
  return joined(refused);
}

/**
 * The lines of a passage that may not be learned while it is being written. Takes some microseconds for each character, so it is
 * for short passages.
 * @param passage whole lines
 */
export function refusedAsTyped(filter: LearningFilter, text: DocumentText, passage: Span): Spans {
  const { from, to } = passage;
  const before = text.slice(Math.max(0, from - lookBack), from);
  const typed = text.slice(from, to);
  if (filter.allows(typed, before)) return [];
  const refused: Span[] = [];
  let at = 0;
  for (const line of linesOf(typed)) {
    const end = at + line.length;
    const isAllowed = filter.allows(line, (before + typed.slice(0, at)).slice(-lookBack));
    if (!isAllowed) refused.push({ from: from + at, to: from + end });
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
