import { Text } from "@codemirror/state";
import { commonEnding, firstDifference } from "../text.ts";

/** A place in a text as LSP counts it: lines and UTF-16 units, from 0. A line ends with CRLF, LF or CR, and with nothing else. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

interface Line {
  /** From 0. */
  readonly number: number;
  /** Offset of its beginning. */
  readonly from: number;
  /** With its line end. */
  readonly text: string;
}

/**
 * A document's text, never changed once made: an edit gives a new one that shares all but a few lines with the one before, so
 * its cost does not depend on the document's length. Offsets are in UTF-16 units of the text as the editor has it, with its line
 * ends. Reading a part costs a walk down a tree.
 */
export class DocumentText {
  /**
   * A rope of lines, each of which holds its own line end. So the breaks that the rope counts between its lines are not in the
   * text: an offset of the rope is the text's offset and the number of lines before it.
   */
  readonly #rope: Text;

  private constructor(rope: Text) {
    this.#rope = rope;
  }

  static of(text: string): DocumentText {
    return new DocumentText(Text.of(linesOf(text)));
  }

  /** In UTF-16 units. */
  get length(): number {
    return lengthOf(this.#rope);
  }

  /** The part between two offsets, neither of which is negative; past the end means the end. */
  slice(from: number, to: number = this.length): string {
    const end = Math.min(to, this.length);
    if (from >= end) return "";
    return this.#rope.sliceString(from + this.#lineAt(from).number, end + this.#lineAt(end).number, "");
  }

  /** The UTF-16 unit at an offset; NaN outside of the text. */
  charCodeAt(offset: number): number {
    const { from, text } = this.#lineAt(offset);
    return text.charCodeAt(offset - from);
  }

  /** All of it, which costs time and memory in proportion to its length. */
  toString(): string {
    return this.slice(0);
  }

  /** The text in which `inserted` stands in the place of a part. */
  replace(from: number, to: number, inserted: string): DocumentText {
    const at = this.#lineAt(from);
    // What comes in may begin with the line feed of a carriage return before it.
    const first = from === at.from && this.charCodeAt(from - 1) === 0x0d ? this.#lineAt(from - 1) : at;
    const last = this.#lineAt(to);
    const lines = linesOf(first.text.slice(0, from - first.from) + inserted + last.text.slice(to - last.from));
    // Behind the last of these lines stands another already.
    if (last.number + 1 < this.#rope.lines) lines.pop();
    const [start, end] = [first.from + first.number, last.from + last.number + last.text.length];
    return new DocumentText(this.#rope.replace(start, end, Text.of(lines)));
  }

  /** The same text as a string, as far as possible in common with this one. Costs time in proportion to the length. */
  changedTo(text: string): DocumentText {
    const from = firstDifference(this, text);
    if (from === text.length && from === this.length) return this;
    const ending = commonEnding(this, text, Math.min(this.length, text.length) - from);
    return this.replace(from, this.length - ending, text.slice(from, text.length - ending));
  }

  /**
   * The one passage that is all that differs between a former text and this one, as it stands here; empty if they are the same or
   * something is gone. What the two share by descent is not compared.
   */
  differenceFrom(former: DocumentText): { readonly from: number; readonly to: number } {
    if (former === this) return { from: this.length, to: this.length };
    const from = firstDifference(former, this, sharedStart(former.#rope, this.#rope));
    const most = Math.min(former.length, this.length) - from;
    return { from, to: this.length - commonEnding(former, this, most, sharedEnd(former.#rope, this.#rope)) };
  }

  /** Whether it says the same as another. */
  equals(other: DocumentText): boolean {
    return this.#rope.eq(other.#rope);
  }

  /** The position of an offset; one inside of a line end is before it, one past the end is the end. */
  positionAt(offset: number): TextPosition {
    const { number, from, text } = this.#lineAt(Math.max(0, Math.min(offset, this.length)));
    return { line: number, character: Math.min(Math.max(0, offset - from), lengthWithoutEnd(text)) };
  }

  /** The offset of a position; a line or a character past the end is the end of the text or of the line. */
  offsetAt({ line, character }: TextPosition): number {
    if (line < 0) return 0;
    if (line >= this.#rope.lines) return this.length;
    const { from, text } = this.#rope.line(line + 1);
    return from - line + Math.min(Math.max(0, character), lengthWithoutEnd(text));
  }

  /** The line that an offset lies in; at a line's beginning that line, not the one that ends there. */
  #lineAt(offset: number): Line {
    let node = this.#rope;
    let [number, from] = [0, 0];
    while (node.children) {
      const [child, before] = childAt(node.children, offset - from);
      node = child;
      number += before.lines;
      from += before.length;
    }
    const lines = node.iterLines();
    let text = lines.next().value;
    for (let left = node.lines - 1; left > 0 && offset >= from + text.length; left--) {
      number++;
      from += text.length;
      text = lines.next().value;
    }
    return { number, from, text };
  }
}

/** The child in which an offset lies, and how much stands before it. */
function childAt(
  children: readonly Text[],
  offset: number,
): [Text, { readonly lines: number; readonly length: number }] {
  let [lines, length] = [0, 0];
  for (const child of children) {
    const own = lengthOf(child);
    if (offset < length + own || child === children.at(-1)) return [child, { lines, length }];
    lines += child.lines;
    length += own;
  }
  throw new Error("A node of the rope has no children.");
}

/** The lines of a text, each with its line end; the last has none, and may be empty. */
function linesOf(text: string): string[] {
  const lines: string[] = [];
  let from = 0;
  let [lineFeed, carriageReturn] = [text.indexOf("\n"), text.indexOf("\r")];
  while (lineFeed >= 0 || carriageReturn >= 0) {
    const isLineFeed = carriageReturn < 0 || (lineFeed >= 0 && lineFeed < carriageReturn);
    const isBoth = !isLineFeed && lineFeed === carriageReturn + 1;
    const next = isLineFeed || isBoth ? lineFeed + 1 : carriageReturn + 1;
    lines.push(text.slice(from, next));
    from = next;
    // None is looked for where there is none any more, so that each unit is looked at twice at most.
    if (lineFeed >= 0 && lineFeed < from) lineFeed = text.indexOf("\n", from);
    if (carriageReturn >= 0 && carriageReturn < from) carriageReturn = text.indexOf("\r", from);
  }
  lines.push(text.slice(from));
  return lines;
}

function lengthWithoutEnd(line: string): number {
  if (line.endsWith("\r\n")) return line.length - 2;
  return line.endsWith("\n") || line.endsWith("\r") ? line.length - 1 : line.length;
}

/** UTF-16 units of the document in a part of the rope. */
function lengthOf({ length, lines }: Text): number {
  return length - lines + 1;
}

/** How many units at the beginnings of two ropes are the same because they are the same nodes. */
function sharedStart(a: Text, b: Text): number {
  if (a === b) return lengthOf(a);
  let shared = 0;
  for (const [i, child] of a.children?.entries() ?? []) {
    const other = b.children?.[i];
    if (!other) break;
    shared += sharedStart(child, other);
    if (child !== other) break;
  }
  return shared;
}

/** The same at their ends. */
function sharedEnd(a: Text, b: Text): number {
  if (a === b) return lengthOf(a);
  let shared = 0;
  for (let i = 1; ; i++) {
    const [child, other] = [a.children?.at(-i), b.children?.at(-i)];
    if (!child || !other) break;
    shared += sharedEnd(child, other);
    if (child !== other) break;
  }
  return shared;
}
