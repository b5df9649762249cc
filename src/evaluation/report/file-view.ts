import type { CharacterBits } from "../bits.ts";
import { acceptedIn, isTyped, type TypedFile, typedRanges } from "../breakdowns.ts";
import type { MeasuredFile } from "../measure.ts";
import { type Html, type HtmlContent, html } from "./html.ts";

/** The bits at which each shade begins. Fewer bits have no shade. */
export const shadeBits = [0.5, 1, 2, 4, 6, 9] as const;
/** A source predicted a character better than the other if it needed at least this many bits fewer. */
export const clearlyFewerBits = 1;

/** The most UTF-16 units shown of all files, and of one file, so that a browser can still open the page. */
const mostChars = 150_000;
const mostCharsOfFile = 20_000;

/** The beginning of a file as markup: each run of characters that look the same is one element. */
export interface FileView {
  readonly file: MeasuredFile;
  readonly lines: Html;
  readonly isCut: boolean;
}

/** Views of the first files. The others are left out if there is too much text. */
export function fileViews(files: readonly MeasuredFile[]): FileView[] {
  let left = mostChars;
  const views: FileView[] = [];
  for (const file of files) {
    if (left <= 0) break;
    const length = Math.min(file.text.length, mostCharsOfFile, left);
    left -= length;
    views.push({ file, lines: linesOf(file, length), isCut: length < file.text.length });
  }
  return views;
}

function linesOf(file: MeasuredFile, length: number): Html {
  const classOf = classesFor(file);
  const lines: HtmlContent[] = [];
  let start = 0;
  while (start < length) {
    const newline = file.text.indexOf("\n", start);
    const end = newline < 0 || newline >= length ? length : newline;
    const runs = runsOf(file.text, start, end, classOf);
    const lineEnd = end < length ? element(classOf(end), html`<b>↵</b>`) : undefined;
    lines.push(html`<span class="line">${runs}${lineEnd}</span>`);
    start = end + 1;
  }
  return html`${lines}`;
}

function runsOf(text: string, start: number, end: number, classOf: (unit: number) => string): Html[] {
  const runs: Html[] = [];
  let from = start;
  while (from < end) {
    const name = classOf(from);
    let to = from + 1;
    // The second unit of a surrogate pair stays with its first.
    while (to < end && (classOf(to) === name || isLowSurrogate(text, to))) to++;
    runs.push(element(name, text.slice(from, to)));
    from = to;
  }
  return runs;
}

/**
 * The classes of the character at an offset: s1 to s6 for its shade, r or l for the source that predicted it better, a if
 * accepted, u if it stood there before the edits.
 */
function classesFor(file: MeasuredFile): (unit: number) => string {
  const characters = file.bits?.characters;
  const accepted = isTyped(file) ? acceptedIn(file.text, file.simulation) : undefined;
  const unchanged = isTyped(file) && file.edits ? unchangedIn(file) : undefined;
  return (unit) => {
    const shade = characters ? shadeOf(characters.bits[unit] ?? 0) : "";
    const better = characters ? betterSource(characters, unit) : "";
    return [shade, better, accepted?.[unit] ? "a" : "", unchanged?.[unit] ? "u" : ""]
      .filter((name) => name !== "")
      .join(" ");
  };
}

function unchangedIn(file: TypedFile): Uint8Array {
  const unchanged = new Uint8Array(file.text.length).fill(1);
  for (const { from, to } of typedRanges(file)) unchanged.fill(0, from, to);
  return unchanged;
}

function shadeOf(bits: number): string {
  const shade = shadeBits.filter((least) => bits >= least).length;
  return shade === 0 ? "" : `s${shade}`;
}

function betterSource({ bySource }: CharacterBits, unit: number): "" | "r" | "l" {
  const [rnn, local] = [bySource.rnn?.[unit], bySource.local?.[unit]];
  if (rnn === undefined || local === undefined || Math.abs(rnn - local) < clearlyFewerBits) return "";
  return rnn < local ? "r" : "l";
}

function element(name: string, content: HtmlContent): Html {
  return name === "" ? html`${content}` : html`<i class="${name}">${content}</i>`;
}

function isLowSurrogate(text: string, unit: number): boolean {
  const code = text.charCodeAt(unit);
  return code >= 0xdc00 && code < 0xe000;
}
