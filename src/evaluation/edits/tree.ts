import type { TextLike } from "../engine-under-test.ts";
import { editsOf } from "./edits.ts";

/** A file of the new tree, with its text in the old one; undefined if it is new. */
export interface ChangedFile extends TextLike {
  readonly former: string | undefined;
}

/**
 * The files that differ between two trees, by their names. A file that has only moved (the old tree has its text under a name that is gone)
 * is not among them.
 */
export function changedFiles(before: readonly TextLike[], after: readonly TextLike[]): ChangedFile[] {
  const former = new Map(before.map(({ name, text }) => [name, text]));
  const names = new Set(after.map(({ name }) => name));
  const moved = new Set(before.filter(({ name }) => !names.has(name)).map(({ text }) => text));
  return after.flatMap(({ name, text }) => {
    const old = former.get(name);
    return old === text || (old === undefined && moved.has(text)) ? [] : [{ name, text, former: old }];
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
