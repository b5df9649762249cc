import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { groupBy } from "../group-by.ts";
import { formatNumber, t } from "../l10n.ts";
import type { StatisticsParams } from "../server/protocol.ts";
import { sumOf, type TypingStatistics } from "../typing-statistics.ts";
import { tableOf } from "./markdown.ts";

/** What suggestions saved in one language on one day, as a line of the file has it. */
export interface DayOfLanguage extends TypingStatistics {
  /** Such as 2026-11-27, in local time. */
  readonly day: string;
  readonly languageId: string;
}

/** Files of other windows that were not written for so many milliseconds are joined to this window's. */
const abandoned = 24 * 60 * 60 * 1000;

/**
 * The statistics of all windows, in a folder of this machine. Each window appends to a file of its own, so that none loses what another
 * has counted.
 */
export class StatisticsFolder {
  readonly #folder: string;
  readonly #own: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(folder: string) {
    this.#folder = folder;
    this.#own = join(folder, `${randomUUID()}.jsonl`);
    void this.#next(() => this.#join()).catch(() => undefined);
  }

  /** Adds to what was counted today. @throws if the file can't be written */
  add(counted: StatisticsParams, day = dayOf(new Date())): Promise<void> {
    return this.#next(() => this.#append([{ day, ...counted }]));
  }

  /** All that was counted, by day and language, the first day first. */
  read(): Promise<readonly DayOfLanguage[]> {
    return this.#next(async () => joined(await Promise.all((await this.#files()).map(readDays))));
  }

  /** Forgets all that was counted. */
  reset(): Promise<void> {
    return this.#next(async () => {
      for (const file of await this.#files()) await rm(file, { force: true });
    });
  }

  /** Joins files that nobody writes any more, so that there are few. */
  async #join(): Promise<void> {
    const files = await this.#files();
    const ages = await Promise.all(files.map((file) => stat(file).then(({ mtimeMs }) => Date.now() - mtimeMs)));
    const old = files.filter((file, i) => file !== this.#own && (ages[i] ?? 0) > abandoned);
    const taken = (await Promise.all(old.map((file) => this.#take(file)))).filter((file) => file !== undefined);
    if (taken.length === 0) return;
    await this.#append(joined(await Promise.all(taken.map(readDays))));
    for (const file of taken) await rm(file, { force: true });
  }

  /** Takes a file from all other windows, which may be about to join it too. @returns its new path; undefined if another was faster */
  async #take(file: string): Promise<string | undefined> {
    const taken = `${file}.${randomUUID()}`;
    return await rename(file, taken).then(
      () => taken,
      () => undefined,
    );
  }

  async #append(days: readonly DayOfLanguage[]): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    await appendFile(this.#own, days.map((one) => `${JSON.stringify(one)}\n`).join(""));
  }

  async #files(): Promise<string[]> {
    const names = await readdir(this.#folder).catch(() => []);
    return names.filter((name) => name.endsWith(".jsonl")).map((name) => join(this.#folder, name));
  }

  #next<Result>(step: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

async function readDays(file: string): Promise<DayOfLanguage[]> {
  const text = await readFile(file, "utf8").catch(() => "");
  return text.split("\n").flatMap((line) => parse(line) ?? []);
}

/** One entry for each day and language. */
function joined(all: readonly (readonly DayOfLanguage[])[]): DayOfLanguage[] {
  const days = groupBy(all.flat(), ({ day, languageId }) => `${day} ${languageId}`);
  return [...days.values()]
    .flatMap(([first, ...others]) => (first ? [{ ...first, ...sumOf([first, ...others]) }] : []))
    .sort((a, b) => (a.day < b.day ? -1 : 1));
}

/** A day in local time. */
export function dayOf(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Such as "Typed 1,234 characters for you today, 38 % of all; 56,789 since 2026-11-01". Undefined if nothing was accepted. */
export function sentenceOf(days: readonly DayOfLanguage[], today = dayOf(new Date())): string | undefined {
  const [first] = days;
  if (!first || sumOf(days).accepted === 0) return undefined;
  const now = sumOf(days.filter(({ day }) => day === today));
  const all = sumOf(days);
  const ofToday = todaySentence(now);
  return first.day === today ? ofToday : t("{0}; {1} since {2}", ofToday, formatNumber(all.accepted), first.day);
}

function todaySentence(today: TypingStatistics): string {
  const { accepted } = today;
  if (accepted === 0) return t("Typed no characters for you today");
  return accepted === 1
    ? t("Typed 1 character for you today, {0} of all", shareOf(today))
    : t("Typed {0} characters for you today, {1} of all", formatNumber(accepted), shareOf(today));
}

/** The page that shows what was saved, in Markdown. @param languageName of a language's id */
export function pageOf(
  days: readonly DayOfLanguage[],
  languageName: (id: string) => string,
  today = dayOf(new Date()),
): string {
  const rows = (title: string, entries: readonly (readonly [string, TypingStatistics])[]): string =>
    tableOf(
      [title, `${t("characters")}:`, `${t("typed by Murmur")}:`, `${t("suggestions shown")}:`, `${t("rejected")}:`],
      entries.map(([name, one]) => [
        name,
        formatNumber(one.typed + one.accepted),
        `${formatNumber(one.accepted)} (${shareOf(one)})`,
        formatNumber(one.shown),
        formatNumber(one.rejected),
      ]),
    );
  const languages = groupBy(days, ({ languageId }) => languageId);
  const byLanguage = [...languages]
    .map(([id, of]) => [languageName(id), sumOf(of)] as const)
    .sort(([, a], [, b]) => b.accepted - a.accepted);
  const byDay = [...groupBy(days, ({ day }) => day)].map(([day, of]) => [day, sumOf(of)] as const);
  const heading = `# ${t("What Murmur saved you")}`;
  if (days.length === 0)
    return `${heading}\n\n${t("Nothing has been counted yet. Type, and accept a suggestion with Tab.")}\n`;
  const parts = [
    heading,
    rows("", [
      [t("today"), sumOf(days.filter(({ day }) => day === today))],
      [t("in all"), sumOf(days)],
    ]),
    `## ${t("By language")}`,
    rows(t("language"), byLanguage),
    `## ${t("The last days")}`,
    rows(t("day"), byDay.slice(-14).reverse()),
    t(
      "A character counts as typed by Murmur if it came with an accepted suggestion. A suggestion counts as rejected if another character was typed. This is counted on this machine and kept in the editor's storage; it is never sent. *Murmur: Reset Statistics* deletes it.",
    ),
  ];
  return `${parts.join("\n\n")}\n`;
}

function shareOf({ typed, accepted }: TypingStatistics): string {
  return `${Math.round((100 * accepted) / Math.max(1, typed + accepted))} %`;
}

function parse(line: string): DayOfLanguage | undefined {
  try {
    const { day, languageId, typed, accepted, shown, rejected } = JSON.parse(line) as Partial<DayOfLanguage>;
    const counts = [typed, accepted, shown, rejected];
    if (typeof day !== "string" || typeof languageId !== "string") return undefined;
    if (!counts.every((count) => Number.isSafeInteger(count))) return undefined;
    return { day, languageId, typed, accepted, shown, rejected } as DayOfLanguage;
  } catch {
    return undefined;
  }
}
