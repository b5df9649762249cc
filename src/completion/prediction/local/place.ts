import { pathOf } from "../../../uris.ts";
import { Pointers } from "./matches.ts";
import { RecentCosts } from "./recent-costs.ts";
import type { ReplacedText } from "./replaced-text.ts";
import { mix, TextContext } from "./text-context.ts";

/** A place in a text, as the local model sees it: the text before it, and where that was seen before. */
export class Place {
  readonly context = new TextContext();
  readonly pointers = new Pointers();
  /** The mark of the text, by which the local model distinguishes what it saw in the same text. */
  readonly mark: number;
  /** How well the sources predicted what was typed last in this text. All places of the text share it. */
  readonly recent: RecentCosts;

  /** The place in the text that a passage replaces, while that passage is written. */
  replaced: ReplacedText | undefined;

  constructor(mark = 0, recent = new RecentCosts()) {
    this.mark = mark;
    this.recent = recent;
  }

  clone(): Place {
    const copy = new Place(this.mark, this.recent);
    copy.context.copy(this.context);
    copy.pointers.copy(this.pointers);
    copy.replaced = this.replaced;
    return copy;
  }
}

/** A URI without its fragment, which distinguishes the cells of a notebook. In a path, `#` is part of a name; a drive is no scheme. */
const withoutFragment = /^[a-z][a-z\d+.-]+:[^#]*/;

/**
 * The mark of the text known by a name, a positive integer of 31 bits. It is the same whenever the text is read, and for a notebook's file
 * and all its cells.
 */
export function markOf(name: string): number {
  const whole = pathOf(name) ?? withoutFragment.exec(name)?.[0] ?? name;
  let hash = 0;
  for (let i = 0; i < whole.length; i++) hash = mix(hash, whole.charCodeAt(i));
  return (hash >>> 1) | 1;
}
