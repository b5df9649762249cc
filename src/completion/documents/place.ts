import type { TextInParts } from "../../boundary.ts";
import type { LocalModel } from "../prediction/local/local-model.ts";
import { Place } from "../prediction/local/place.ts";
import { bytesOf, isStillRead } from "../text.ts";
import { originFor } from "./origin.ts";

/** The local model's place in one document, kept so that typing a character costs one step. Offsets are in UTF-16 units. */
export class DocumentPlace {
  readonly #local: LocalModel;
  #place = new Place();
  /** Undefined: no place yet. */
  #offset: number | undefined;

  constructor(local: LocalModel) {
    this.#local = local;
  }

  /** Takes the document's new text. @param changed an offset up to which it is the same as before */
  update(text: TextInParts, changed: number): void {
    if (this.#offset !== undefined && !isStillRead(text, this.#offset, changed)) this.#offset = undefined;
  }

  /** The same place, for another document that begins as this one does. */
  fork(): DocumentPlace {
    const fork = new DocumentPlace(this.#local);
    fork.#place = this.#place.clone();
    fork.#offset = this.#offset;
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
    if (from === undefined || from > offset || from < origin) {
      this.#place = new Place();
      from = origin;
    }
    for (const byte of bytesOf(text.slice(from, offset))) this.#local.advance(this.#place, byte);
    this.#offset = offset;
  }
}
