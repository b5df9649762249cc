import { extname } from "node:path";
import { characterCount } from "../boundary.ts";
import { type MeanBits, meanBits } from "./bits.ts";
import { type EditKind, editKinds } from "./edits/edits.ts";
import type { MeasuredFile } from "./measure.ts";
import type { Simulation, SuggestionEvent } from "./simulate.ts";
import { type Summary, summarize } from "./summary.ts";

/** A file that was typed. */
export interface TypedFile extends MeasuredFile {
  readonly simulation: Simulation;
}

export function isTyped(file: MeasuredFile): file is TypedFile {
  return file.simulation !== undefined;
}

/** The files of one language, by their extension. */
export interface LanguageFigures {
  readonly language: string;
  readonly files: number;
  readonly chars: number;
  readonly typing: Summary | undefined;
  readonly bits: MeanBits | undefined;
}

/** The languages of some files, the one with the most text first. */
export function byLanguage(files: readonly MeasuredFile[]): LanguageFigures[] {
  return [...new Set(files.map((file) => languageOf(file.name)))]
    .map((language) => {
      const own = files.filter((file) => languageOf(file.name) === language);
      const bits = own.flatMap((file) => file.bits ?? []);
      const typed = own.filter(isTyped).map((file) => file.simulation);
      return {
        language,
        files: own.length,
        chars: own.reduce((sum, file) => sum + measuredChars(file), 0),
        typing: typed.length > 0 ? summarize(typed) : undefined,
        bits: bits.length > 0 ? meanBits(bits) : undefined,
      };
    })
    .sort((a, b) => b.chars - a.chars);
}

/** The number of UTF-16 units of a file that were measured. */
export function measuredChars({ text, simulation }: MeasuredFile): number {
  return simulation?.chars ?? text.length;
}

function languageOf(name: string): string {
  return extname(name) || "others";
}

/** The edits of one kind. */
export interface KindFigures {
  readonly kind: EditKind;
  readonly edits: number;
  readonly figures: Summary;
}

/** The kinds of edits that were typed; none if whole files were. The intervals take the edits as a sample, not the files. */
export function byKind(files: readonly TypedFile[]): KindFigures[] {
  const all = files.flatMap(({ edits }) => edits ?? []);
  return editKinds.flatMap((kind) => {
    const edits = all.filter((edit) => edit.kind === kind);
    return edits.length === 0 ? [] : [{ kind, edits: edits.length, figures: summarize(edits) }];
  });
}

/** The ranges of a file's text that were typed, from top to bottom. */
export function typedRanges({ text, edits }: TypedFile): { readonly from: number; readonly to: number }[] {
  return edits?.map(({ from, chars }) => ({ from, to: from + chars })) ?? [{ from: 0, to: text.length }];
}

/** Characters in a range of columns, and the share of them that was accepted. */
export interface ColumnFigures {
  /** The first column, from 0. */
  readonly from: number;
  /** The column after the last one. */
  readonly to: number;
  readonly chars: number;
  readonly acceptedShare: number;
}

const columnsInBin = 8;
/** Columns further right count in the last range. */
const lastColumn = 88;

/** The accepted share by column. */
export function byColumn(files: readonly TypedFile[]): ColumnFigures[] {
  const bins = Array.from({ length: lastColumn / columnsInBin }, () => ({ chars: 0, accepted: 0 }));
  for (const file of files) {
    const { text, simulation } = file;
    const accepted = acceptedIn(text, simulation);
    for (const { from, to } of typedRanges(file)) {
      let column = from - (text.lastIndexOf("\n", from - 1) + 1);
      for (let i = from; i < to; i++) {
        const bin = bins[Math.min(bins.length - 1, Math.floor(column / columnsInBin))];
        if (bin) {
          bin.chars++;
          bin.accepted += accepted[i] ?? 0;
        }
        column = text[i] === "\n" ? 0 : column + 1;
      }
    }
  }
  return bins.flatMap(({ chars, accepted }, i) => {
    const [from, to] = [i * columnsInBin, (i + 1) * columnsInBin];
    return chars === 0 ? [] : [{ from, to, chars, acceptedShare: accepted / chars }];
  });
}

/** For each UTF-16 unit of a typed text: 1 if it was accepted, 0 if it was typed. */
export function acceptedIn(text: string, { events }: Simulation): Uint8Array {
  const accepted = new Uint8Array(text.length);
  for (const event of events) if (event.isRight) accepted.fill(1, event.offset, event.offset + event.text.length);
  return accepted;
}

/** The suggestions whose lengths are in a range. */
export interface LengthFigures {
  /** "5–8" */
  readonly lengths: string;
  readonly right: number;
  readonly wrong: number;
  /** The characters of the suggestions that were right. */
  readonly acceptedChars: number;
}

/** The shortest length in each range, in characters. */
const lengthStarts = [2, 3, 5, 9, 17, 33];

/** The shown suggestions by length, without ranges in which nothing was shown. */
export function byLength(events: readonly SuggestionEvent[]): LengthFigures[] {
  return lengthStarts.flatMap((from, i) => {
    const next = lengthStarts[i + 1] ?? Number.POSITIVE_INFINITY;
    const lengths =
      next === from + 1 ? `${from}` : next < Number.POSITIVE_INFINITY ? `${from}–${next - 1}` : `${from}+`;
    const own = events.filter(({ text }) => {
      const length = characterCount(text);
      return length >= from && length < next;
    });
    if (own.length === 0) return [];
    const right = own.filter(({ isRight }) => isRight);
    const acceptedChars = right.reduce((sum, { text }) => sum + text.length, 0);
    return [{ lengths, right: right.length, wrong: own.length - right.length, acceptedChars }];
  });
}

/** A wrong suggestion, and where it was shown. */
export interface Miss {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  readonly probability: number;
  /** The line above, and the text left of the cursor. */
  readonly lineAbove: string;
  readonly before: string;
  readonly suggested: string;
  /** The text that was typed, to the end of the line. */
  readonly typed: string;
  /** How much of the suggestion, in UTF-16 units, was right. */
  readonly agreed: number;
}

/** The wrong suggestions that the engine was surest of, worst first. Of equal suggestions in one file, only the worst is listed. */
export function worstMisses(files: readonly TypedFile[], count: number): Miss[] {
  const seen = new Set<string>();
  return files
    .flatMap((file) =>
      file.simulation.events.flatMap((event) =>
        event.isRight || event.probability === undefined
          ? []
          : [{ file, event: { ...event, probability: event.probability } }],
      ),
    )
    .sort((a, b) => b.event.probability - a.event.probability)
    .filter(({ file, event }) => {
      const key = `${file.name}\0${event.text}`;
      const isNew = !seen.has(key);
      seen.add(key);
      return isNew;
    })
    .slice(0, count)
    .map(({ file, event }) => {
      const { offset, column } = event;
      const lines = file.text.slice(0, offset).split("\n");
      const end = file.text.indexOf("\n", offset);
      return {
        file: file.name,
        line: lines.length,
        column: column + 1,
        probability: event.probability,
        lineAbove: lines.at(-2) ?? "",
        before: lines.at(-1) ?? "",
        suggested: event.text,
        typed: file.text.slice(offset, end < 0 ? undefined : end),
        agreed: event.agreed,
      };
    });
}
