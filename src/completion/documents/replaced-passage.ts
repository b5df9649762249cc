import type { Span } from "../../span.ts";
import { ReplacedText } from "../prediction/local/replaced-text.ts";
import { bytesOf, restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import type { Change } from "./edit.ts";
import { joined, replacedWithin, type Spans, textWithout } from "./spans.ts";

/** The longest passages that are followed, in UTF-16 units: the removed one and the one that takes its place. */
const longest = 4096;

/** A passage of a document that is written in the place of removed text. */
interface Replacement extends Span {
  /** The removed text. */
  readonly former: string;
}

/** A place in the removed text, and the offset in the document that has been written by then. */
interface Reached {
  readonly offset: number;
  readonly place: ReplacedText;
}

/**
 * The latest text that was removed from a document, and the passage that is written in its place. Only text that was settled counts: what
 * was typed and thrown away is not suggested again.
 */
export class ReplacedPassage {
  /** The document's text; undefined before the first one. */
  #text: DocumentText | undefined;
  /** What was typed and is not settled yet. */
  #typed: Spans = [];
  #latest: Replacement | undefined;
  #reached: Reached | undefined;

  /** From now on, the text counts as settled. */
  settle(): void {
    this.#typed = [];
  }

  /**
   * Takes the document's new text.
   * @param changes those that lead from the former text to this one
   * @param refused the lines of the former text that may not be learned; undefined: not known yet
   */
  change(text: DocumentText, changes: readonly Change[], refused: Spans | undefined): void {
    const former = this.#text;
    const [change] = changes;
    const latest = this.#latest;
    if (!former || !refused || !change || changes.length > 1) this.#latest = undefined;
    else this.#latest = this.#after(former, change, joined([...refused, ...this.#typed]));
    const isSame = this.#latest?.former === latest?.former && this.#latest?.from === latest?.from;
    if (!isSame || !change || change.added.from < (this.#reached?.offset ?? 0)) this.#reached = undefined;
    for (const { removed, added } of changes) {
      const replaced = { from: added.from, to: added.from + removed.to - removed.from };
      this.#typed = replacedWithin(this.#typed, replaced, added, [added]);
    }
    this.#text = text;
  }

  /** The place in the removed text for what is written in its place up to an offset; undefined if nothing is written there. */
  at(text: DocumentText, offset: number): ReplacedText | undefined {
    const latest = this.#latest;
    if (text !== this.#text || !latest || offset < latest.from || offset > latest.to) return undefined;
    let reached = this.#reached;
    if (!reached || reached.offset > offset)
      reached = { offset: latest.from, place: ReplacedText.begin(bytesOf(latest.former), isOfLines(text, latest)) };
    const written = bytesOf(text.slice(reached.offset, offset));
    const place = written.reduce((at, byte) => at.after(byte), reached.place);
    this.#reached = { offset, place };
    return place;
  }

  /** The replacement after a change. @param ignored the passages of the former text that do not count */
  #after(former: DocumentText, { removed, added }: Change, ignored: Spans): Replacement | undefined {
    const latest = this.#latest;
    const by = added.to - removed.to;
    const counted = (from: number, to: number): string =>
      to - from > longest ? "" : textWithout(former, { from, to }, ignored);
    if (latest && removed.from <= latest.to && removed.to >= latest.from - lineBreakBefore(former, latest.from)) {
      const from = Math.min(latest.from, removed.from);
      const to = Math.max(latest.to, removed.to);
      return limited({
        from,
        to: to + by,
        former: counted(from, latest.from) + latest.former + counted(latest.to, to),
      });
    }
    const gone = counted(removed.from, removed.to);
    if (gone !== "") return limited({ ...added, former: gone });
    return latest && removed.from < latest.from ? { ...latest, from: latest.from + by, to: latest.to + by } : latest;
  }
}

function limited(replacement: Replacement): Replacement | undefined {
  const { from, to, former } = replacement;
  return Math.max(to - from, former.length) > longest ? undefined : replacement;
}

/** The length of the line break before an offset. One who writes a line anew may begin with it. */
function lineBreakBefore(text: DocumentText, offset: number): number {
  return /(?:\r\n|\r|\n)?$/.exec(text.slice(Math.max(0, offset - 2), offset))?.[0].length ?? 0;
}

/** Whether lines were removed, and not a part of one. */
function isOfLines(text: DocumentText, { from, to, former }: Replacement): boolean {
  if (/[\r\n]/.test(former)) return true;
  const start = text.offsetAt({ line: text.positionAt(from).line, character: 0 });
  return (text.slice(start, from) + restOfLine(text, to, longest)).trim() === "";
}
