import { boundaryBefore, isBoundary } from "../../boundary.ts";
import type { Span } from "../../span.ts";
import { addPiece, holdsPosition } from "../memory/pieces.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import type { Place } from "../prediction/local/place.ts";
import { bytesOf, commonEnding, firstDifference, restOfLine } from "../text.ts";
import type { DocumentText } from "./document-text.ts";
import { DocumentPlace } from "./place.ts";

/** UTF-16 units that are learned or taken back in one step: less than a millisecond's work. */
const slice = 64;

/** How many UTF-16 units after a change are counted again. No context looks further back, except those of whole lines. */
const longestRest = 24;

/**
 * The text of a document as the local model has counted it: without what may not be learned, and without what stands before the
 * document. An edit counts at once, but provisionally. Whatever it removes is taken back in the context in which it was counted,
 * so that undoing, reverting or closing without saving leaves nothing. The text after an edit in its line is taken back too, and
 * counted again after the new text. Otherwise a closing quote that the editor inserted would still be expected right after the
 * opening one.
 */
export class LearnedText {
  readonly #local: LocalModel;
  readonly #isSettledAt: (position: number) => boolean;
  #text: DocumentText;
  readonly #place: DocumentPlace;
  /** Start and end of each passage of the history that was typed here and is not settled yet. */
  #typed: number[] = [];
  #isSettled = true;

  /**
   * @param mark the mark of the text; see {@link Place}
   * @param text the text that is counted already
   * @param isSettledAt says whether a position of the history belongs to this text as it was last read or settled
   */
  constructor(local: LocalModel, mark: number, text: DocumentText, isSettledAt: (position: number) => boolean) {
    this.#local = local;
    this.#text = text;
    this.#place = new DocumentPlace(local, mark);
    this.#isSettledAt = isSettledAt;
  }

  /** The text that is counted now, also between two steps of a change. */
  get text(): DocumentText {
    return this.#text;
  }

  /** Whether nothing has changed since the text was last settled. */
  get isSettled(): boolean {
    return this.#isSettled;
  }

  /** Whether a position of the history is in what was typed here and is not settled yet. */
  hasTyped(position: number): boolean {
    return holdsPosition(this.#typed, position);
  }

  /** Makes a passage another one, in short steps. Only what differs is taken back or learned. The steps may end early. */
  *replace({ from, to }: Span, added: string): Generator<void> {
    const former = this.#text.slice(from, to);
    const same = firstDifference(former, added);
    const start = Math.min(boundaryBefore(former, same), boundaryBefore(added, same));
    let end = commonEnding(former, added, Math.min(former.length, added.length) - start);
    if (!isBoundary(former, former.length - end) || !isBoundary(added, added.length - end)) end--;
    const changed = { from: from + start, to: to - end };
    const come = added.slice(start, added.length - end);
    if (changed.from < changed.to || come !== "") yield* this.#change(changed, come);
  }

  /**
   * Settles what was typed. The counts stay.
   * @returns erases the typed passages from the history; to be called when the history has the current text
   */
  settle(): () => void {
    const settled = this.#typed;
    this.#typed = [];
    this.#isSettled = true;
    return () => {
      for (let i = 0; i < settled.length; i += 2) this.#local.history.erase(settled[i] ?? 0, settled[i + 1] ?? 0);
    };
  }

  *#change(removed: Span, added: string): Generator<void> {
    this.#isSettled = false;
    const place = this.#place.at(this.#text, removed.from);
    const rest = restAfter(this.#text, removed.to);
    yield* this.#takeBack(removed, rest, place);
    try {
      yield* this.#learn(removed.from, added, place);
    } finally {
      for (const byte of rest) this.#local.count(place, byte);
    }
  }

  /** @param before the place before the passage, which stays @param rest what is taken back after the passage */
  *#takeBack({ from, to }: Span, rest: Uint8Array, before: Place): Generator<void> {
    if (from === to && rest.length === 0) return;
    const { history } = this.#local;
    const place = before.clone();
    const gone = new Set<number>();
    // Where the same was typed several times, each time is another position.
    const isMeant = (position: number): boolean => !gone.has(position) && this.#isOwn(position);
    const takeBack = (byte: number): void => {
      this.#local.unlearn(place, byte);
      const position = history.lastAdded(place.context, isMeant);
      if (position > 0) gone.add(position);
    };
    try {
      for (const part of slicesOf(this.#text.slice(from, to))) {
        bytesOf(part).forEach(takeBack);
        this.#text = this.#text.replace(from, from + part.length, "");
        this.#place.update(this.#text, from);
        yield;
      }
      // No repeat continues across the place of the change any more.
      rest.subarray(0, 1).forEach(takeBack);
      for (const byte of rest.subarray(1)) this.#local.unlearn(place, byte);
    } finally {
      // Only now, because a byte is found by the bytes before it.
      for (const position of gone) history.erase(position, position + 1);
    }
  }

  /** @param place the place at the offset, which moves */
  *#learn(offset: number, added: string, place: Place): Generator<void> {
    const { history } = this.#local;
    let at = offset;
    for (const part of slicesOf(added)) {
      if (this.#typed.at(-1) !== history.length) history.separate();
      const from = history.length;
      for (const byte of bytesOf(part)) this.#local.learn(place, byte);
      addPiece(this.#typed, from, history.length);
      this.#text = this.#text.replace(at, at, part);
      this.#place.update(this.#text, at);
      at += part.length;
      yield;
    }
  }

  #isOwn(position: number): boolean {
    return position > 0 && (this.hasTyped(position) || this.#isSettledAt(position));
  }
}

/** The text after an offset in its line, as far as it is counted, with the line's end. */
function restAfter(text: DocumentText, offset: number): Uint8Array {
  const part = text.slice(offset, offset + longestRest + 1);
  const rest = restOfLine(part, 0, longestRest);
  return bytesOf(rest.length < part.length && rest.length < longestRest ? `${rest}\n` : rest);
}

function* slicesOf(text: string): Generator<string> {
  for (let from = 0; from < text.length; ) {
    const to = boundaryBefore(text, Math.min(from + slice, text.length));
    yield text.slice(from, to);
    from = to;
  }
}
