import { nothingSaved, type Savings, sumOf } from "../../savings.ts";
import type { PlacedReplacement } from "./edits.ts";

/** More characters at once were pasted, or written by a command. Two come where the editor closes a bracket. */
const mostTypedAtOnce = 2;

interface Shown {
  /** Where the suggestion begins, in UTF-16 units. */
  readonly offset: number;
  readonly text: string;
}

/** Follows what is typed in a document, and what becomes of the suggestions that are shown there. */
export class TypingAccount {
  #shown: Shown | undefined;
  #counted: Savings = nothingSaved;

  /** Takes note of the suggestion that is shown now. */
  show(offset: number, text: string): void {
    const former = this.#shown;
    // What is shown while the user types through it is one suggestion, also if it grows.
    if (former?.offset !== offset || !text.startsWith(former.text)) this.#count({ shown: 1 });
    this.#shown = { offset, text };
  }

  /** Takes note of an edit. */
  edit(replacements: readonly PlacedReplacement[]): void {
    const shown = this.#shown;
    this.#shown = undefined;
    // An editor may leave a bracket where it is, amid an accepted suggestion, and report what is around it, the last part first.
    const [first] = [...replacements].sort((a, b) => a.offset - b.offset);
    if (!first) return;
    const { offset, text } = first;
    const added = replacements.reduce((sum, one) => sum + one.text.length - one.former.length, 0);
    const isAccepted = shown?.offset === offset && added >= mostTypedAtOnce && shown.text.startsWith(text);
    if (isAccepted) {
      this.#count({ accepted: added });
      const rest = replacements.length > 1 ? "" : shown.text.slice(text.length);
      if (rest !== "") this.#shown = { offset: offset + text.length, text: rest };
      return;
    }
    if (text === "" || text.length > mostTypedAtOnce) return;
    this.#count({ typed: 1 });
    if (shown?.offset !== offset) return;
    if (shown.text.startsWith(text.charAt(0))) this.#shown = { offset: offset + 1, text: shown.text.slice(1) };
    else this.#count({ wrong: 1 });
  }

  /** What was counted since the last call. */
  take(): Savings {
    const counted = this.#counted;
    this.#counted = nothingSaved;
    return counted;
  }

  #count(change: Partial<Savings>): void {
    this.#counted = sumOf([this.#counted, { ...nothingSaved, ...change }]);
  }
}
