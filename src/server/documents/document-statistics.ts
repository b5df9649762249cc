import { noStatistics, sumOf, type TypingStatistics } from "../../typing-statistics.ts";
import type { PlacedReplacement } from "./edits.ts";

/** More characters at once were pasted, or written by a command. Two come where the editor closes a bracket. */
const mostTypedAtOnce = 2;

interface Shown {
  /** The cursor's place, in UTF-16 units. */
  readonly offset: number;
  /** What is suggested there. */
  readonly text: string;
  /** What stands before that and is replaced with it: an item that is selected in the editor's list. */
  readonly item: string;
}

/** A suggestion that was accepted, as the document has it. */
interface Accepted {
  readonly offset: number;
  readonly text: string;
}

/** Follows what is typed in a document, and what becomes of the suggestions that are shown there. */
export class DocumentStatistics {
  #shown: Shown | undefined;
  #accepted: Accepted | undefined;
  #counted: TypingStatistics = noStatistics;

  /** Takes note of the suggestion that is shown now. @param item the end of the text before it, which is replaced with it */
  show(offset: number, text: string, item = ""): void {
    const former = this.#shown;
    // What is shown while the user types through it is one suggestion, also if it grows.
    if (former?.offset !== offset || !text.startsWith(former.text)) this.#count({ shown: 1 });
    this.#shown = { offset, text, item };
  }

  /** Takes note that the suggestion was dismissed. It was not rejected by typing. */
  dismiss(): void {
    this.#shown = undefined;
  }

  /** Takes note of an edit. */
  edit(replacements: readonly PlacedReplacement[]): void {
    const [shown, accepted] = [this.#shown, this.#accepted];
    this.#shown = undefined;
    this.#accepted = undefined;
    // An editor may leave a bracket where it is, amid an accepted suggestion, and report what is around it, the last part first.
    const [first] = [...replacements].sort((a, b) => a.offset - b.offset);
    if (!first) return;
    const { offset, text, former } = first;
    if (shown && isAcceptance(first, shown, replacements.length > 1)) {
      const added = replacements.reduce((sum, one) => sum + one.text.length - one.former.length, 0);
      this.#count({ accepted: added });
      if (replacements.length > 1) return;
      this.#accepted = { offset, text };
      const end = offset + text.length;
      const rest = shown.text.slice(end - shown.offset);
      if (rest !== "") this.#shown = { offset: end, text: rest, item: "" };
      return;
    }
    if (accepted && offset === accepted.offset && text === "" && former === accepted.text) {
      this.#count({ accepted: -former.length });
      return;
    }
    if (!isTyped(text)) return;
    this.#count({ typed: 1 });
    if (shown?.offset !== offset) return;
    if (!shown.text.startsWith(text.charAt(0))) this.#count({ rejected: 1 });
    else if (text.length === 1 || shown.text.startsWith(text))
      this.#shown = { offset: offset + text.length, text: shown.text.slice(text.length), item: "" };
    else this.#shown = { offset: offset + 1, text: shown.text.slice(1), item: "" };
  }

  /** What was counted since the last call. */
  take(): TypingStatistics {
    const counted = this.#counted;
    this.#counted = noStatistics;
    return counted;
  }

  #count(change: Partial<TypingStatistics>): void {
    this.#counted = sumOf([this.#counted, { ...noStatistics, ...change }]);
  }
}

/** Whether an edit inserts a shown suggestion, or its beginning. @param isPart whether it is one of several parts */
function isAcceptance({ offset, text }: PlacedReplacement, shown: Shown, isPart: boolean): boolean {
  const start = shown.offset - shown.item.length;
  const isWhole = offset === start && shown.item !== "" && (shown.item + shown.text).startsWith(text);
  const isRest = offset === shown.offset && shown.text.startsWith(text);
  const before = isWhole ? shown.item.length : 0;
  return (isWhole || isRest) && text.length - before >= (isPart ? 1 : mostTypedAtOnce);
}

/** Whether a text comes of one key: a character, two where the editor closes a bracket, or a line's end with the next one's indentation. */
function isTyped(text: string): boolean {
  return text !== "" && (text.length <= mostTypedAtOnce || /^\r?\n[ \t]*$/.test(text));
}
