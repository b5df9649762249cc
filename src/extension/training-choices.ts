import { trainingLengths } from "../server/protocol.ts";
import type { FilesRead } from "../server/training-protocol.ts";
import { filesOf } from "../wording.ts";

/** A longer run is so many times as long. */
const longerBy = 3;

/** The length of a longer run, in minutes. */
export function longerThan(minutes: number): number {
  return Math.min(longerBy * minutes, trainingLengths.most);
}

/** An entry of the list before the first run. */
export interface TrainingChoice {
  readonly label: string;
  readonly detail: string;
  /** How long it trains; undefined: it leads elsewhere. */
  readonly minutes?: number;
  readonly leads?: "exclude" | "log";
}

/** What can be chosen before the first run: how long to train, and what is read. */
export function trainingChoices(
  { languages, leftOut, isComplete }: FilesRead,
  minutes: number,
  languageName: (id: string) => string,
): TrainingChoice[] {
  const files = languages.reduce((sum, one) => sum + one.files, 0);
  const characters = languages.reduce((sum, one) => sum + one.characters, 0);
  const byLanguage = languages.map((one) => `${languageName(one.languageId) || "others"} ${one.files}`).join(", ");
  return [
    {
      label: `$(play) Train ${wordsFor(minutes)}`,
      detail: "Suggestions keep working. You can stop at any time and keep the best.",
      minutes,
    },
    {
      label: `$(watch) Train ${wordsFor(longerThan(minutes))}`,
      detail: "For a larger project.",
      minutes: longerThan(minutes),
    },
    {
      label: `$(files) Reads ${filesOf(files)}, ${size(characters)}${isComplete ? "" : " and more that Murmur has not read itself"}`,
      detail: byLanguage,
      leads: "exclude",
    },
    ...(leftOut === "" ? [] : [{ label: "$(circle-slash) Leaves out", detail: leftOut, leads: "log" as const }]),
  ];
}

export function wordsFor(minutes: number): string {
  const rounded = Number(minutes.toPrecision(3));
  return `for ${rounded} ${rounded === 1 ? "minute" : "minutes"}`;
}

function size(characters: number): string {
  const thousands = Math.max(1, Math.round(characters / 1000));
  return thousands < 1000 ? `${thousands} KB` : `${(thousands / 1000).toFixed(1)} MB`;
}
