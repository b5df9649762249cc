import { ReadTexts, sketchOf } from "../../model/read-texts.ts";
import type { TextLike } from "../engine-under-test.ts";
import { editsOf } from "./edits.ts";

/** A file of the new tree, with its text in the old one; undefined if it is new. */
export interface ChangedFile extends TextLike {
  readonly former: string | undefined;
}

/** A file that is gone is the new file that has at least this share of its lines, roughly. */
const mostlySame = 0.5;

/** The old tree, with each file that was renamed under its new name: one that has the same text, or else the most lines in common. */
export function withRenames(before: readonly TextLike[], after: readonly TextLike[]): TextLike[] {
  const [oldNames, newNames] = [before, after].map((files) => new Set(files.map(({ name }) => name)));
  const gone = new Set(before.filter(({ name }) => !newNames?.has(name)));
  if (gone.size === 0) return [...before];
  const added = after.filter(({ name }) => !oldNames?.has(name));
  const renamed = new Map<TextLike, string>();
  const take = (file: TextLike | undefined, name: string): boolean => {
    if (file) renamed.set(file, name);
    return file !== undefined && gone.delete(file);
  };
  const sameText = (text: string): TextLike | undefined => [...gone].find((file) => file.text === text);
  const changed = added.filter(({ name, text }) => !take(sameText(text), name));
  const known = new Map([...gone].map((file) => [file, ReadTexts.of([sketchOf([file.text])])]));
  for (const { name, text } of changed) {
    const sketch = sketchOf([text]);
    const shareOf = (file: TextLike): number => known.get(file)?.shareOf(sketch) ?? 0;
    const [nearest] = [...gone].sort((a, b) => shareOf(b) - shareOf(a));
    if (nearest && shareOf(nearest) >= mostlySame) take(nearest, name);
  }
  return before.map((file) => ({ ...file, name: renamed.get(file) ?? file.name }));
}

/** The files that differ between two trees, by their names; see {@link withRenames}. */
export function changedFiles(before: readonly TextLike[], after: readonly TextLike[]): ChangedFile[] {
  const former = new Map(before.map(({ name, text }) => [name, text]));
  return after.flatMap(({ name, text }) => {
    const old = former.get(name);
    return old === text ? [] : [{ name, text, former: old }];
  });
}

/** The number of characters that are typed to make a file's edits. */
export function typedLength({ former, text }: ChangedFile): number {
  return editsOf(former, text).reduce((sum, { typed }) => sum + typed.length, 0);
}

/** The file as it is after about the first `limit` typed characters of its edits, and the rest of the line that they end in. */
export function changedUpTo(file: ChangedFile, limit: number): ChangedFile {
  let left = limit;
  for (const { head, typed, tail } of editsOf(file.former, file.text)) {
    if (typed.length >= left) {
      const lineEnd = typed.indexOf("\n", Math.max(0, left - 1));
      return { ...file, text: head + (lineEnd < 0 ? typed : typed.slice(0, lineEnd)) + tail };
    }
    left -= typed.length;
  }
  return file;
}
