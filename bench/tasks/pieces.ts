import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { boundaryBefore } from "../../src/boundary.ts";
import { groupBy } from "../../src/group-by.ts";
import { normalizeText } from "../../src/model/tokenizer.ts";
import { Random } from "../../src/random.ts";

/** A text whose label is known. */
export interface LabelledText {
  readonly text: string;
  readonly label: string;
}

export interface Pieces {
  /** As many of each label as of any other. */
  readonly pieces: readonly LabelledText[];
  /** How many there are of each label that has enough. */
  readonly perLabel: number;
  /** Labels that have fewer, with how many they have. */
  readonly leftOut: ReadonlyMap<string, number>;
}

/** The files of a folder laid out as LABEL/PACKAGE/FILE, label by label, in the order of their paths. */
export async function* labelledFiles(folder: string): AsyncGenerator<LabelledText, void, void> {
  for (const label of (await readdir(folder)).sort()) {
    const entries = await readdir(join(folder, label), { recursive: true, withFileTypes: true });
    const paths = entries.filter((entry) => entry.isFile()).map(({ parentPath, name }) => join(parentPath, name));
    for (const path of paths.sort()) yield { text: normalizeText(await readFile(path, "utf8")), label };
  }
}

/**
 * Cuts pieces of a length (in UTF-16 units, one fewer where a character would be cut) out of texts. A piece begins at the start of a
 * line that is not blank, drawn from a text that is drawn first, so that long texts are not most of what is measured. No two begin
 * at the same place, but they may overlap.
 * @param perLabel how many of each label; a label that has fewer places where one can begin is left out
 * @param seed the same seed gives the same pieces
 */
export function cutPieces(texts: Iterable<LabelledText>, length: number, perLabel: number, seed: number): Pieces {
  const pieces: LabelledText[] = [];
  const leftOut = new Map<string, number>();
  for (const [label, ofLabel] of groupBy(texts, ({ label }) => label)) {
    const random = new Random(seed);
    const places = ofLabel
      .map(({ text }) => ({ text, starts: random.shuffle(pieceStarts(text, length)) }))
      .filter(({ starts }) => starts.length > 0);
    const available = places.reduce((sum, { starts }) => sum + starts.length, 0);
    if (available < perLabel) {
      leftOut.set(label, available);
      continue;
    }
    for (let i = 0; i < perLabel; i++) {
      const drawn = random.below(places.length);
      const place = places[drawn];
      const start = place?.starts.pop();
      if (!place || start === undefined) continue;
      pieces.push({ text: place.text.slice(start, boundaryBefore(place.text, start + length)), label });
      if (place.starts.length === 0) places.splice(drawn, 1);
    }
  }
  return { pieces, perLabel, leftOut };
}

/** The starts of a text's lines that are not blank and have so many characters from there on. */
function pieceStarts(text: string, length: number): number[] {
  const starts: number[] = [];
  for (let start = 0; start + length <= text.length; ) {
    const lineEnd = text.indexOf("\n", start);
    const end = lineEnd < 0 ? text.length : lineEnd;
    if (text.slice(start, end).trim() !== "") starts.push(start);
    start = end + 1;
  }
  return starts;
}
