import { Pointers } from "./matches.ts";
import { mix, TextContext } from "./text-context.ts";

/** A place in a text, as the local model sees it: the text before it, and where that was seen before. */
export class Place {
  readonly context = new TextContext();
  readonly pointers = new Pointers();
  /** The mark of the text, by which the local model distinguishes what it saw in the same text. */
  readonly mark: number;

  constructor(mark = 0) {
    this.mark = mark;
  }

  clone(): Place {
    const copy = new Place(this.mark);
    copy.context.copy(this.context);
    copy.pointers.copy(this.pointers);
    return copy;
  }
}

/** Number of marks. Two texts have the same one by chance, but rarely; that is harmless, because the tables are only hints. */
const marks = 63;

/** A URI without its fragment, which tells the cells of a notebook apart. In a path, `#` is part of a name; a drive is no scheme. */
const withoutFragment = /^[a-z][a-z\d+.-]+:[^#]*/;

/** The mark of the text known by a name, 1 to 63. It is the same whenever the text is read, and for all cells of a notebook. */
export function markOf(name: string): number {
  const whole = withoutFragment.exec(name)?.[0] ?? name;
  let hash = 0;
  for (let i = 0; i < whole.length; i++) hash = mix(hash, whole.charCodeAt(i));
  return 1 + ((hash >>> 0) % marks);
}
