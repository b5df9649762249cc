import type { TextInParts } from "../../boundary.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { Place } from "../prediction/local/place.ts";
import type { RecentCosts } from "../prediction/local/recent-costs.ts";
import { bytesOf, isStillRead } from "../text.ts";
import { originFor } from "./origin.ts";

/** A place, and its offset in UTF-16 units. */
interface PlaceAt {
  readonly place: Place;
  readonly offset: number;
}

/** The most beginnings of lines whose places are kept. */
const mostLines = 64;

/**
 * The local model's place in one document, kept so that typing a character costs one step, and erasing one the steps from the
 * beginning of the line. Offsets are in UTF-16 units.
 */
export class DocumentPlace {
  readonly #local: LocalModel;
  readonly #mark: number;
  readonly #recent: RecentCosts;
  #place: Place;
  /** Undefined: no place yet. */
  #offset: number | undefined;
  /** Places at the beginnings of lines, ascending. What was typed since is taken back in the context in which it was learned. */
  #lines: PlaceAt[] = [];

  /** @param mark the mark of the document's text; see {@link Place} */
  constructor(local: LocalModel, mark?: number, recent?: RecentCosts) {
    this.#local = local;
    this.#place = new Place(mark, recent);
    this.#mark = this.#place.mark;
    this.#recent = this.#place.recent;
  }

  /** Takes the document's new text. @param changed an offset up to which it is the same as before */
  update(text: TextInParts, changed: number): void {
    if (this.#offset !== undefined && !isStillRead(text, this.#offset, changed)) this.#offset = undefined;
    this.#lines = this.#lines.filter(({ offset }) => isStillRead(text, offset, changed));
  }

  /** The same place, for another document that begins as this one does. */
  fork(): DocumentPlace {
    const fork = new DocumentPlace(this.#local, this.#mark, this.#recent);
    fork.#place = this.#place.clone();
    fork.#offset = this.#offset;
    fork.#lines = [...this.#lines];
    return fork;
  }

  /** The place at an offset, as a copy. */
  at(text: TextInParts, offset: number): Place {
    this.move(text, offset);
    return this.#place.clone();
  }

  /** Moves to an offset. */
  move(text: TextInParts, offset: number): void {
    const origin = originFor(text, offset);
    let from = this.#offset;
    if (from === undefined || from > offset || from < origin) from = this.#return(offset, origin);
    for (const line of text.slice(from, offset).split(/(?<=\n|\r(?!\n))/)) {
      for (const byte of bytesOf(line)) this.#local.advance(this.#place, byte);
      from += line.length;
      if (/[\r\n]$/.test(line)) this.#keep(from);
    }
    this.#offset = offset;
  }

  /** Goes back to the last kept place at or before an offset, or to a new one at the origin. @returns its offset */
  #return(offset: number, origin: number): number {
    const kept = this.#lines.findLast((line) => line.offset <= offset);
    const isNear = kept !== undefined && kept.offset >= origin;
    this.#place = isNear ? kept.place.clone() : new Place(this.#mark, this.#recent);
    return isNear ? kept.offset : origin;
  }

  #keep(offset: number): void {
    const index = this.#lines.findLastIndex((line) => line.offset <= offset);
    if (this.#lines[index]?.offset === offset) return;
    this.#lines.splice(index + 1, 0, { place: this.#place.clone(), offset });
    if (this.#lines.length > mostLines) this.#lines.shift();
  }
}
