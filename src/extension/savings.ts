import { appendFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { groupBy } from "../group-by.ts";
import { writeWhole } from "../output-file.ts";
import { type Savings, sumOf } from "../savings.ts";
import type { SavedParams } from "../server/protocol.ts";

/** What suggestions saved in one language on one day, as a line of the file has it. */
export interface DayOfLanguage extends Savings {
  /** Such as 2026-11-27, in local time. */
  readonly day: string;
  readonly languageId: string;
}

/** A longer file is replaced by one with a line for each day and language. */
const longestFile = 64 * 1024;

/**
 * What suggestions saved, in a file of this machine. Each window appends lines to it, so that none loses what another has counted.
 */
export class SavingsFile {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();

  constructor(path: string) {
    this.#path = path;
  }

  /** Adds to what was saved today. @throws if the file can't be written */
  add(saved: SavedParams, day = dayOf(new Date())): Promise<void> {
    return this.#next(async () => {
      await mkdir(dirname(this.#path), { recursive: true });
      await appendFile(this.#path, `${JSON.stringify({ day, ...saved })}\n`);
      const all = await this.#read();
      if (all.size > longestFile)
        await writeWhole(this.#path, all.days.map((one) => `${JSON.stringify(one)}\n`).join(""));
    });
  }

  /** All that was counted, by day and language, the first day first. */
  read(): Promise<readonly DayOfLanguage[]> {
    return this.#next(async () => (await this.#read()).days);
  }

  /** Forgets all that was counted. */
  reset(): Promise<void> {
    return this.#next(() => rm(this.#path, { force: true }));
  }

  async #read(): Promise<{ readonly days: readonly DayOfLanguage[]; readonly size: number }> {
    const text = await readFile(this.#path, "utf8").catch(() => "");
    const days = new Map<string, DayOfLanguage>();
    for (const line of text.split("\n")) {
      const one = parse(line);
      if (!one) continue;
      const key = `${one.day} ${one.languageId}`;
      const former = days.get(key);
      days.set(key, former ? { ...one, ...sumOf([former, one]) } : one);
    }
    return { days: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)), size: text.length };
  }

  #next<Result>(step: () => Promise<Result>): Promise<Result> {
    const next = this.#last.then(step, step);
    this.#last = next.catch(() => undefined);
    return next;
  }
}

/** A day in local time. */
export function dayOf(date: Date): string {
  const two = (number: number): string => String(number).padStart(2, "0");
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Such as "Typed 1,234 characters for you today, 38 % of all; 56,789 since 1 November 2026." Undefined if nothing was accepted. */
export function sentenceOf(days: readonly DayOfLanguage[], today = dayOf(new Date())): string | undefined {
  const [first] = days;
  if (!first || sumOf(days).accepted === 0) return undefined;
  const now = sumOf(days.filter(({ day }) => day === today));
  const all = sumOf(days);
  const share = now.accepted === 0 ? "" : `, ${shareOf(now)} of all`;
  const since = first.day === today ? "" : `; ${number(all.accepted)} since ${first.day}`;
  return `Typed ${number(now.accepted)} characters for you today${share}${since}`;
}

/** The page that shows what was saved, in Markdown. @param languageName of a language's id */
export function pageOf(
  days: readonly DayOfLanguage[],
  languageName: (id: string) => string,
  today = dayOf(new Date()),
): string {
  const rows = (title: string, entries: readonly (readonly [string, Savings])[]): string =>
    [
      `| ${title} | characters | typed by Murmur | suggestions shown | typed against |`,
      "| --- | ---: | ---: | ---: | ---: |",
      ...entries.map(
        ([name, one]) =>
          `| ${name} | ${number(one.typed + one.accepted)} | ${number(one.accepted)} (${shareOf(one)}) | ${number(one.shown)} | ${number(one.wrong)} |`,
      ),
    ].join("\n");
  const languages = groupBy(days, ({ languageId }) => languageId);
  const byLanguage = [...languages]
    .map(([id, of]) => [languageName(id), sumOf(of)] as const)
    .sort(([, a], [, b]) => b.accepted - a.accepted);
  const byDay = [...groupBy(days, ({ day }) => day)].map(([day, of]) => [day, sumOf(of)] as const);
  if (days.length === 0)
    return "# What Murmur saved you\n\nNothing has been counted yet. Type, and accept a suggestion with Tab.\n";
  return `# What Murmur saved you

${rows("", [
  ["today", sumOf(days.filter(({ day }) => day === today))],
  ["in all", sumOf(days)],
])}

## By language

${rows("language", byLanguage)}

## The last days

${rows("day", byDay.slice(-14).reverse())}

A character counts as typed by Murmur if it came with an accepted suggestion. *Typed against* are suggestions after which another
character was typed. This is counted on this machine and kept in the editor's storage; it is never sent.
*Murmur: Reset What It Saved* deletes it.
`;
}

function shareOf({ typed, accepted }: Savings): string {
  return `${Math.round((100 * accepted) / Math.max(1, typed + accepted))} %`;
}

function number(value: number): string {
  return value.toLocaleString("en");
}

function parse(line: string): DayOfLanguage | undefined {
  try {
    const { day, languageId, typed, accepted, shown, wrong } = JSON.parse(line) as Partial<DayOfLanguage>;
    const counts = [typed, accepted, shown, wrong];
    if (typeof day !== "string" || typeof languageId !== "string") return undefined;
    if (!counts.every((count) => Number.isSafeInteger(count))) return undefined;
    return { day, languageId, typed, accepted, shown, wrong } as DayOfLanguage;
  } catch {
    return undefined;
  }
}
