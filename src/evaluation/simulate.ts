import { characterCount, isBoundary } from "../boundary.ts";
import type { CompletionSettings } from "../completion/suggestion.ts";

/** A suggestion shown at the end of the text typed so far. */
export interface ShownSuggestion {
  readonly text: string;
  /** The probability that all of it is right, if the suggester knows it. */
  readonly probability?: number | undefined;
}

/** Anything that completes text: returns its first suggestion after a text, or nothing. */
export type Suggest = (before: string) => Promise<ShownSuggestion | undefined> | ShownSuggestion | undefined;

/** A suggestion that was shown, and its outcome. */
export interface SuggestionEvent extends ShownSuggestion {
  /** The offset at which it was shown, in UTF-16 units from the start of the file. */
  readonly offset: number;
  /** The same from the start of the line. */
  readonly column: number;
  /** Whether all of it comes next in the file, so that it was accepted. */
  readonly isRight: boolean;
  /** The number of its UTF-16 units that come next in the file. */
  readonly agreed: number;
}

/** The outcome of typing one file. Lengths are in UTF-16 units, as in `evaluate`. */
export interface Simulation {
  readonly chars: number;
  readonly acceptedChars: number;
  readonly acceptances: number;
  /** Number of suggestions shown: accepted and wrong ones. */
  readonly shown: number;
  readonly wrong: number;
  /** The time of each request, in milliseconds. */
  readonly latencies: readonly number[];
  readonly events: readonly SuggestionEvent[];
}

/** What an engine is asked for while a file is typed. */
export interface TypingSettings extends CompletionSettings {
  /** Suggestions are requested only at offsets that are multiples of this. */
  readonly every: number;
}

export interface SimulationOptions {
  /** A suggestion is requested only at offsets that are multiples of this. */
  readonly every?: number | undefined;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

/** Shorter suggestions do not count as shown: one character is not worth a key. */
const fewestCharacters = 2;

/**
 * Simulates a user who types `file` from start to end. Whenever no suggestion is shown, the suggester is asked for one, given
 * only the text typed so far. If all of it comes next, the user accepts it and continues after it. Otherwise it counts as wrong,
 * once: it stays, and nothing else is requested, as long as the typed text agrees with it.
 *
 *     file        f o o b a r b a z
 *     suggestion      o b a r s          shown after "fo", wrong; it stays while "obar" is typed, and "b" removes it
 *     next request                ^      after "foobarb"
 */
export async function simulate(file: string, suggest: Suggest, options: SimulationOptions = {}): Promise<Simulation> {
  const { every = 1, now = () => performance.now() } = options;
  const latencies: number[] = [];
  const events: SuggestionEvent[] = [];
  let acceptedChars = 0;
  let acceptances = 0;
  let lineStart = 0;
  let lineSeen = 0;
  let offset = 0;
  while (offset < file.length) {
    if (offset % every !== 0 || !isBoundary(file, offset)) {
      offset++;
      continue;
    }
    // This does not copy: V8 makes a view of the file's characters.
    const before = file.slice(0, offset);
    const start = now();
    const shown = await suggest(before);
    latencies.push(now() - start);
    if (!shown || characterCount(shown.text) < fewestCharacters) {
      offset++;
      continue;
    }
    for (; lineSeen < offset; lineSeen++) if (file.charCodeAt(lineSeen) === 0x0a) lineStart = lineSeen + 1;
    const { text, probability } = shown;
    const agreed = agreement(file, offset, text);
    const isRight = agreed === text.length;
    events.push({ offset, column: offset - lineStart, text, probability, isRight, agreed });
    if (isRight) {
      acceptances++;
      acceptedChars += text.length;
      offset += text.length;
    } else {
      // One more character, the first that disagrees, removes the suggestion.
      offset += agreed + 1;
    }
  }
  const wrong = events.length - acceptances;
  return { chars: file.length, acceptedChars, acceptances, shown: events.length, wrong, latencies, events };
}

/** Several outcomes as one. */
export function together(simulations: readonly Simulation[]): Simulation {
  const sum = (of: (simulation: Simulation) => number): number =>
    simulations.reduce((total, one) => total + of(one), 0);
  return {
    chars: sum(({ chars }) => chars),
    acceptedChars: sum(({ acceptedChars }) => acceptedChars),
    acceptances: sum(({ acceptances }) => acceptances),
    shown: sum(({ shown }) => shown),
    wrong: sum(({ wrong }) => wrong),
    latencies: simulations.flatMap(({ latencies }) => latencies),
    events: simulations.flatMap(({ events }) => events),
  };
}

/** The number of UTF-16 units at the beginning of `text` that match `file` at `offset`. */
function agreement(file: string, offset: number, text: string): number {
  let length = 0;
  while (length < text.length && offset + length < file.length && file[offset + length] === text[length]) length++;
  return length;
}
