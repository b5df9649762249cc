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
 * Remembers, document by document, which suggestions the user has dismissed (Escape), until another line is edited or a
 * suggestion is asked for. They are compared with what stands left of them, so that one who types along a dismissed suggestion
 * is not shown what is left of it.
 */
export class Dismissals {
  readonly #shown = new Map<string, ShownSuggestions>();
  readonly #dismissed = new Map<string, DismissedLine>();

  /** Tells which suggestions a document shows now. */
  show(uri: string, suggestions: ShownSuggestions): void {
    this.#shown.set(uri, suggestions);
  }

  /** Dismisses what was shown last in a document. */
  dismiss(uri: string): void {
    const shown = this.#shown.get(uri);
    if (!shown) return;
    const { line, before, texts } = shown;
    const former = this.#dismissed.get(uri);
    const others = former?.line === line ? former.texts : [];
    this.#dismissed.set(uri, { line, texts: [...others, ...texts.map((text) => before + text)] });
  }

  /** Tells where a document is edited: in another line nothing is dismissed. */
  enter(uri: string, line: number): void {
    if (this.#dismissed.get(uri)?.line !== line) this.lift(uri);
  }

  /** Whether the best of some suggestions was dismissed: it, a part of it, or one that it only goes on from. */
  covers(uri: string, { line, before, texts: [best] }: ShownSuggestions): boolean {
    const dismissed = this.#dismissed.get(uri);
    if (best === undefined || dismissed?.line !== line) return false;
    const whole = before + best;
    return dismissed.texts.some(
      (text) => text.startsWith(whole) || (whole.startsWith(text) && before.length < text.length),
    );
  }

  /** Forgets what was dismissed in a document. */
  lift(uri: string): void {
    this.#dismissed.delete(uri);
  }

  /** Forgets a document. */
  close(uri: string): void {
    this.#shown.delete(uri);
    this.#dismissed.delete(uri);
  }
}
