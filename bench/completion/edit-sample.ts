import { createHash } from "node:crypto";
import { type EditKind, editKinds, editsOf } from "../../src/evaluation/edits/edits.ts";
import { type ChangedFile, changedUpTo, typedLength } from "../../src/evaluation/edits/tree.ts";

/** Of one edit, about this many characters are typed, or new files would fill the sample. */
const mostOfOne = 800;

/**
 * Some of the edits of changed files, with about so many typed characters in all. Each is a file of its own, in which the edits above it
 * have been made. The sample is the same in every run. It has an edit of each kind that there is; the rest come in the order of their hashes,
 * and so from everywhere. @param chars infinite: all edits, each file's together
 */
export function sampleEdits(changed: readonly ChangedFile[], chars: number): ChangedFile[] {
  if (!Number.isFinite(chars)) return [...changed];
  const candidates = changed
    .flatMap((file) => singleEdits(file))
    .map((single, i) => ({ ...single, key: digest(`${i}\0${single.file.name}`) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
  const chosen = new Set(editKinds.flatMap((kind) => candidates.find((candidate) => candidate.kind === kind) ?? []));
  let left = chars - sum([...chosen].map(({ file }) => typedLength(file)));
  for (const candidate of candidates) {
    if (left <= 0) break;
    if (chosen.has(candidate)) continue;
    chosen.add(candidate);
    left -= typedLength(candidate.file);
  }
  return [...chosen].map(({ file }) => file);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** Each edit of a file by itself, or its beginning. Edits that are others without those below them are left out. */
function singleEdits({ name, former, text }: ChangedFile): { readonly kind: EditKind; readonly file: ChangedFile }[] {
  return editsOf(former, text).flatMap(({ kind, former: before, head, typed, tail }) => {
    const whole = { name, former: former === undefined ? former : before, text: head + typed + tail };
    const file = changedUpTo(whole, mostOfOne);
    const [edit, other] = editsOf(file.former, file.text);
    return edit?.kind === kind && edit.head === head && !other ? [{ kind, file }] : [];
  });
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
