import type { TextInParts } from "../../boundary.ts";
import type { Span } from "../../span.ts";

/** Passages of a text in order, of which no two touch. */
export type Spans = readonly Span[];

/** Any passages as {@link Spans}: in order, and joined where they overlap or touch. */
export function joined(spans: readonly Span[]): Spans {
  const all: Span[] = [];
  for (const span of spans.filter(({ from, to }) => from < to).sort((a, b) => a.from - b.from)) {
    const last = all.at(-1);
    if (last && span.from <= last.to) all[all.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    else all.push(span);
  }
  return all;
}

/** The offset that an offset of a text has once the passages are taken out. */
export function offsetWithout(spans: Spans, offset: number): number {
  let left = offset;
  for (const { from, to } of spans) if (from < offset) left -= Math.min(to, offset) - from;
  return left;
}

/** A part of a text without the passages. */
export function textWithout(text: TextInParts, { from, to }: Span, spans: Spans): string {
  let [left, at] = ["", from];
  for (const span of within(spans, { from, to })) {
    left += text.slice(at, span.from);
    at = span.to;
  }
  return left + text.slice(at, to);
}

/** The passages inside a part of a text, cut off at its ends. */
export function within(spans: Spans, { from, to }: Span): Spans {
  return spans
    .filter((span) => span.from < to && span.to > from)
    .map((span) => ({ from: Math.max(span.from, from), to: Math.min(span.to, to) }));
}

/**
 * The passages after a part of the text was replaced.
 * @param added the part that came in its place, in the text after that
 * @param inside the passages in that part
 */
export function replacedWithin(spans: Spans, removed: Span, added: Span, inside: Spans): Spans {
  const shift = added.to - removed.to;
  const after = within(spans, { from: removed.to, to: Number.POSITIVE_INFINITY });
  return joined([
    ...within(spans, { from: 0, to: removed.from }),
    ...inside,
    ...after.map(({ from, to }) => ({ from: from + shift, to: to + shift })),
  ]);
}

/** The smallest part of a text outside of which both have the same passages; undefined if they are the same. */
export function difference(a: Spans, b: Spans): Span | undefined {
  const key = ({ from, to }: Span): string => `${from} ${to}`;
  const [inA, inB] = [new Set(a.map(key)), new Set(b.map(key))];
  const different = [...a.filter((span) => !inB.has(key(span))), ...b.filter((span) => !inA.has(key(span)))];
  if (different.length === 0) return undefined;
  return {
    from: Math.min(...different.map(({ from }) => from)),
    to: Math.max(...different.map(({ to }) => to)),
  };
}
