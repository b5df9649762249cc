import { isBoundary } from "../boundary.ts";
import { characterCount } from "../completion/text.ts";

/** What a suggester shows at the end of the text typed so far. */
export interface ShownSuggestion {
  readonly text: string;
  /** The probability that all of it is right, if the suggester knows it. */
  readonly probability?: number | undefined;
}

/** Anything that completes: returns its first suggestion after a text, or nothing. */
export type Suggest = (before: string) => Promise<ShownSuggestion | undefined> | ShownSuggestion | undefined;

/** One suggestion that was shown, and its outcome. */
export interface SuggestionEvent extends ShownSuggestion {
  /** Where it was shown, in UTF-16 units from the file's start. */
  readonly offset: number;
  /** The same, from the start of its line. */
  readonly column: number;
  /** Whether all of it comes next in the file; then it was accepted. */
  readonly isRight: boolean;
  /** How many UTF-16 units of it come next. */
  readonly agreed: number;
}

/** The outcome of typing one file. Lengths are in UTF-16 units, as in `evaluate`. */
export interface Simulation {
  readonly chars: number;
  readonly acceptedChars: number;
  readonly acceptances: number;
  /** Suggestions shown: those accepted and those wrong. */
  readonly shown: number;
  readonly wrong: number;
  /** The time of each request, in milliseconds. */
  readonly latencies: readonly number[];
  readonly events: readonly SuggestionEvent[];
}

export interface SimulationOptions {
  /** A suggestion is requested only at offsets that are multiples of this. */
  readonly every?: number | undefined;
  /** A clock in milliseconds. */
  readonly now?: () => number;
}

/** Shorter suggestions don't count as shown: one character is not worth a key. */
const fewestCharacters = 2;

/**
 * A user types `file` from start to end. Where no suggestion is shown, the suggester is asked for one, given only the text
 * typed so far. If all of it comes next, the user accepts it and goes on after it. Any other counts as wrong, once: the user
 * types on, and it stays, and nothing else is requested, while the typed text agrees with it.
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
    // Not a copy: V8 makes a view of the file's characters.
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

/** How many UTF-16 units at the beginning of `text` match `file` at `offset`. */
function agreement(file: string, offset: number, text: string): number {
  let length = 0;
  while (length < text.length && offset + length < file.length && file[offset + length] === text[length]) length++;
  return length;
}
