/** Suggestions at one place of a document. */
export interface ShownSuggestions {
  readonly line: number;
  /** The text of the line before them. */
  readonly before: string;
  /** Best first. */
  readonly texts: readonly string[];
}

/** The suggestions that were dismissed in one line, each with the text before it. */
interface DismissedLine {
  readonly line: number;
  readonly texts: readonly string[];
}

/**
 * Remembers which suggestions the user has dismissed (Escape) in a document, until the user edits another line or requests a
 * suggestion. Suggestions are compared together with the text before them, so typing through a dismissed suggestion does not
 * bring back the rest of it.
 */
export class Dismissals {
  #shown: ShownSuggestions | undefined;
  #dismissed: DismissedLine | undefined;

  /** Records which suggestions the document shows now. */
  show(suggestions: ShownSuggestions): void {
    this.#shown = suggestions;
  }

  /** Dismisses the suggestions shown last. */
  dismiss(): void {
    if (!this.#shown) return;
    const { line, before, texts } = this.#shown;
    const others = this.#dismissed?.line === line ? this.#dismissed.texts : [];
    this.#dismissed = { line, texts: [...others, ...texts.map((text) => before + text)] };
  }

  /** Records which line is edited. Editing another line clears the dismissals. */
  enter(line: number): void {
    if (this.#dismissed?.line !== line) this.lift();
  }

  /** Whether the best of some suggestions was dismissed: the same text, a longer one, or one that it merely extends. */
  covers({ line, before, texts: [best] }: ShownSuggestions): boolean {
    if (best === undefined || this.#dismissed?.line !== line) return false;
    const whole = before + best;
    return this.#dismissed.texts.some(
      (text) => text.startsWith(whole) || (whole.startsWith(text) && before.length < text.length),
    );
  }

  /** Clears the dismissals. */
  lift(): void {
    this.#dismissed = undefined;
  }
}
