import { formatNumber, t } from "../l10n.ts";
import { trainingLengths } from "../server/protocol.ts";
import type { FilesRead } from "../server/training-protocol.ts";
import { filesOf, sizeOf } from "../wording.ts";

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
  const read = [filesOf(files), sizeOf(characters)] as const;
  const byLanguage = languages
    .map((one) => `${languageName(one.languageId) || t("others")} ${formatNumber(one.files)}`)
    .join(", ");
  return [
    {
      label: `$(play) ${trainFor(minutes)}`,
      detail: t("Suggestions keep working. You can stop at any time and keep the best."),
      minutes,
    },
    {
      label: `$(watch) ${trainFor(longerThan(minutes))}`,
      detail: t("For a larger project."),
      minutes: longerThan(minutes),
    },
    {
      label: `$(files) ${isComplete ? t("Reads {0}, {1}", ...read) : t("Reads {0}, {1} and more that Murmur has not read itself", ...read)}`,
      detail: byLanguage,
      leads: "exclude",
    },
    ...(leftOut === ""
      ? []
      : [{ label: `$(circle-slash) ${t("Leaves out")}`, detail: leftOut, leads: "log" as const }]),
  ];
}

export function trainFor(minutes: number): string {
  const rounded = Number(minutes.toPrecision(3));
  return rounded === 1 ? t("Train for 1 minute") : t("Train for {0} minutes", formatNumber(rounded));
}
