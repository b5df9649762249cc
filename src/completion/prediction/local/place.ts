import { Pointers } from "./matches.ts";
import { TextContext } from "./text-context.ts";

/** A place in a text, as the local model sees it: the text before it, and where that was seen before. */
export class Place {
  readonly context = new TextContext();
  readonly pointers = new Pointers();

  clone(): Place {
    const copy = new Place();
    copy.context.copy(this.context);
    copy.pointers.copy(this.pointers);
    return copy;
  }
}
