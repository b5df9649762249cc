import type { Span } from "../../span.ts";
import { ReplacedText } from "../prediction/local/replaced-text.ts";
import { bytesOf, restOfLine } from "../text.ts";
import { changeOver } from "./changed-lines.ts";
import type { DocumentText } from "./document-text.ts";
import type { Change } from "./edit.ts";
import { joined, replacedWithin, type Spans, textWithout } from "./spans.ts";

/** The longest passages that are followed, in UTF-16 units: the removed one and the one that takes its place. */
const longest = 1000;
/** More passages that do not count than this are joined to one, so that a key's cost does not depend on how much was edited. */
const mostIgnored = 64;

/** A passage of a document that is written in the place of removed text. */
interface Replacement extends Span {
  /** The removed text. */
  readonly former: string;
  /** Whether the passage was settled since. Then what is removed of it is the text that counts. */
  readonly isSettled: boolean;
}

/** A place in the removed text, and the offset in the document that has been written by then. */
interface Reached {
  readonly offset: number;
  readonly place: ReplacedText;
}

/**
 * The latest text that was removed from a document, and the passage that is written in its place. Only text that was settled counts, and
 * that may be learned: what was typed and thrown away is not suggested again, nor a secret that is removed bit by bit.
 */
export class ReplacedPassage {
  /** The document's text; undefined before the first one. */
  #text: DocumentText | undefined;
  /** What does not count: what was typed and is not settled yet, and what is left of lines that may not be learned. */
  #ignored: Spans = [];
  #latest: Replacement | undefined;
  #reached: Reached | undefined;

  /** Settles a text. If it is not the latest one, what was typed since can't be told apart, and nothing changes. @param refused its lines that may not be learned */
  settle(text: DocumentText, refused: Spans): void {
    if (text !== this.#text) return;
    this.#ignored = bounded(refused);
    this.#latest &&= { ...this.#latest, isSettled: true };
  }

  /**
   * Takes the document's new text.
   * @param changes those that lead from the former text to this one
   * @param refused the lines of the former text that may not be learned; undefined: not known yet, so nothing of it counts
   */
  change(text: DocumentText, changes: readonly Change[], refused: Spans | undefined): void {
    const former = this.#text;
    const [first, last] = [changes[0], changes.at(-1)];
    this.#text = text;
    if (!former || !first || !last) return;
    const change = changeOver(first, last);
    const whole = refused ?? [{ from: 0, to: former.length }];
    const touched = whole.filter(({ from, to }) => from <= change.removed.to && to >= change.removed.from);
    const ignored = joined([...this.#ignored, ...touched]);
    const latest = this.#latest;
    this.#latest = changes.length > 1 ? undefined : this.#after(former, change, ignored);
    const isSame = this.#latest?.former === latest?.former && this.#latest?.from === latest?.from;
    if (!isSame || change.added.from < (this.#reached?.offset ?? 0)) this.#reached = undefined;
    const { from } = change.added;
    const replaced = { from, to: from + change.removed.to - change.removed.from };
    this.#ignored = bounded(replacedWithin(ignored, replaced, change.added, [change.added]));
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
    if (removed.to - removed.from > longest) return undefined;
    const counted = (from: number, to: number): string => textWithout(former, { from, to }, ignored);
    const gone = counted(removed.from, removed.to);
    const isThere =
      latest && removed.from <= latest.to && removed.to >= latest.from - lineBreakBefore(former, latest.from);
    if (isThere && (gone === "" || !latest.isSettled)) {
      const from = Math.min(latest.from, removed.from);
      const to = Math.max(latest.to, removed.to);
      const all = counted(from, latest.from) + latest.former + counted(latest.to, to);
      return limited({ ...latest, from, to: to + by, former: all });
    }
    if (gone !== "") return limited({ ...added, former: gone, isSettled: false });
    return latest && removed.from < latest.from ? { ...latest, from: latest.from + by, to: latest.to + by } : latest;
  }
}

function bounded(spans: Spans): Spans {
  const [first, last] = [spans[0], spans.at(-1)];
  return first && last && spans.length > mostIgnored ? [{ from: first.from, to: last.to }] : spans;
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
