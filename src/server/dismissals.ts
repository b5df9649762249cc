/** Suggestions at one place of a document. */
export interface ShownSuggestions {
  readonly line: number;
  /** What stands in the line left of them. */
  readonly before: string;
  /** Best first. */
  readonly texts: readonly string[];
}

/** The suggestions that were dismissed in one line, each with what stood left of it. */
interface DismissedLine {
  readonly line: number;
  readonly texts: readonly string[];
}

/**
 * Remembers which suggestions the user has dismissed (Escape) in a document, until another line is edited or a suggestion is asked
 * for. They are compared with what stands left of them, so that one who types along a dismissed suggestion is not shown what is
 * left of it.
 */
export class Dismissals {
  #shown: ShownSuggestions | undefined;
  #dismissed: DismissedLine | undefined;

  /** Tells which suggestions the document shows now. */
  show(suggestions: ShownSuggestions): void {
    this.#shown = suggestions;
  }

  /** Dismisses what was shown last. */
  dismiss(): void {
    if (!this.#shown) return;
    const { line, before, texts } = this.#shown;
    const others = this.#dismissed?.line === line ? this.#dismissed.texts : [];
    this.#dismissed = { line, texts: [...others, ...texts.map((text) => before + text)] };
  }

  /** Tells where the document is edited: in another line nothing is dismissed. */
  enter(line: number): void {
    if (this.#dismissed?.line !== line) this.lift();
  }

  /** Whether the best of some suggestions was dismissed: it, a part of it, or one that it only goes on from. */
  covers({ line, before, texts: [best] }: ShownSuggestions): boolean {
    if (best === undefined || this.#dismissed?.line !== line) return false;
    const whole = before + best;
    return this.#dismissed.texts.some(
      (text) => text.startsWith(whole) || (whole.startsWith(text) && before.length < text.length),
    );
  }

  /** Forgets what was dismissed. */
  lift(): void {
    this.#dismissed = undefined;
  }
}
