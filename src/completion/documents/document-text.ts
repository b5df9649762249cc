import { Text } from "@codemirror/state";
import { commonEnding, firstDifference } from "../text.ts";

/** A position in a text as LSP counts it: line and UTF-16 unit, both from 0. Lines end with CRLF, LF or CR, and nothing else. */
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
 * The text of a document. It is immutable: an edit gives a new text that shares all but a few lines with the old one, so the cost
 * of an edit does not depend on the document's length. Offsets are in UTF-16 units of the editor's text, with its line ends.
 * Reading a part costs a walk down a tree.
 */
export class DocumentText {
  /**
   * A rope of lines. Each line includes its line end, so the breaks that the rope counts between its lines are not in the text. An
   * offset of the rope is the text's offset plus the number of lines before it.
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

  /** The text between two offsets, which must not be negative. An offset past the end means the end. */
  slice(from: number, to: number = this.length): string {
    const end = Math.min(to, this.length);
    if (from >= end) return "";
    return this.#rope.sliceString(from + this.#lineAt(from).number, end + this.#lineAt(end).number, "");
  }

  /** The UTF-16 unit at an offset; NaN outside the text. */
  charCodeAt(offset: number): number {
    const { from, text } = this.#lineAt(offset);
    return text.charCodeAt(offset - from);
  }

  /** The whole text as a string. Costs time and memory proportional to its length. */
  toString(): string {
    return this.slice(0);
  }

  /** The text with a part replaced by `inserted`. */
  replace(from: number, to: number, inserted: string): DocumentText {
    const at = this.#lineAt(from);
    // The inserted text may begin with the line feed that belongs to a carriage return before it.
    const first = from === at.from && this.charCodeAt(from - 1) === 0x0d ? this.#lineAt(from - 1) : at;
    const last = this.#lineAt(to);
    const lines = linesOf(first.text.slice(0, from - first.from) + inserted + last.text.slice(to - last.from));
    // Another line already follows the last of these.
    if (last.number + 1 < this.#rope.lines) lines.pop();
    const [start, end] = [first.from + first.number, last.from + last.number + last.text.length];
    return new DocumentText(this.#rope.replace(start, end, Text.of(lines)));
  }

  /** A string as a text that shares as much as possible with this one. Costs time proportional to its length. */
  changedTo(text: string): DocumentText {
    const from = firstDifference(this, text);
    if (from === text.length && from === this.length) return this;
    const ending = commonEnding(this, text, Math.min(this.length, text.length) - from);
    return this.replace(from, this.length - ending, text.slice(from, text.length - ending));
  }

  /**
   * The smallest passage of this text that contains every difference from a former text. It is empty if the texts are the same or
   * if something was only removed. Parts that the two share as nodes of the rope are not compared.
   */
  differenceFrom(former: DocumentText): { readonly from: number; readonly to: number } {
    if (former === this) return { from: this.length, to: this.length };
    const from = firstDifference(former, this, sharedStart(former.#rope, this.#rope));
    const most = Math.min(former.length, this.length) - from;
    return { from, to: this.length - commonEnding(former, this, most, sharedEnd(former.#rope, this.#rope)) };
  }

  /** Whether the two texts are the same. */
  equals(other: DocumentText): boolean {
    return this.#rope.eq(other.#rope);
  }

  /** The position of an offset. An offset inside a line end counts as before it, and one past the end as the end. */
  positionAt(offset: number): TextPosition {
    const { number, from, text } = this.#lineAt(Math.max(0, Math.min(offset, this.length)));
    return { line: number, character: Math.min(Math.max(0, offset - from), lengthWithoutEnd(text)) };
  }

  /** The offset of a position. A line past the end means the end of the text, and a character past the end the end of the line. */
  offsetAt({ line, character }: TextPosition): number {
    if (line < 0) return 0;
    if (line >= this.#rope.lines) return this.length;
    const { from, text } = this.#rope.line(line + 1);
    return from - line + Math.min(Math.max(0, character), lengthWithoutEnd(text));
  }

  /** The line that contains an offset. At the beginning of a line it is that line, not the one that ends there. */
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

/** The child that contains an offset, and the size of everything before it. */
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

/** The lines of a text, each with its line end. The last line has none, and may be empty. */
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
    // Once there are no more, the search stops, so that each unit is looked at twice at most.
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

/** The number of UTF-16 units of the document in a part of the rope. */
function lengthOf({ length, lines }: Text): number {
  return length - lines + 1;
}

/** The number of UTF-16 units at the beginnings of two ropes that are the same nodes. */
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

/** The same for their ends. */
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
