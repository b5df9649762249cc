import { createHash } from "node:crypto";
import { lstat, open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { MurmurError } from "../../errors.ts";
import { languageOfName } from "../../languages.ts";
import { beginFolder, stored } from "../../output-folder.ts";
import type { Corpus } from "../corpus.ts";
import { rulesVersion } from "../rules.ts";
import { readAtOnce, type TextSource } from "../text-source.ts";
import { isPackedCorpus } from "./packed-corpus.ts";
import {
  ignoreFile,
  indexFile,
  isPackedOnly,
  PackedHash,
  type PackedIndex,
  type PackedText,
  type PackedTotal,
  packedFormat,
  packedVersion,
  type Side,
  sideFiles,
} from "./packed-index.ts";

/** How many characters have been packed so far, and at the end what was packed. */
export type PackingEvent =
  | { readonly kind: "progress"; readonly chars: number }
  | { readonly kind: "done"; readonly index: PackedIndex };

/**
 * Writes the texts of a corpus into a folder of a few files, which {@link readPackedCorpus} reads; see packed-index.ts for the format. The
 * same corpus gives the same bytes. The folder is written completely or not at all; an earlier packed corpus there is replaced. The texts
 * stream. Whoever reads the events may stop reading; then nothing is written.
 * @throws MurmurError ("storage") if the folder can't be written, or something else is there; ("no-text") if a file changes meanwhile
 */
export async function* packCorpus(corpus: Corpus, folder: string): AsyncGenerator<PackingEvent, void, undefined> {
  await assertReplaceable(folder);
  await using unfinished = await beginFolder(folder);
  const write = async (name: string, contents: string): Promise<void> => {
    await using file = await stored(folder, open(join(unfinished.path, name), "wx"));
    await stored(folder, file.writeFile(contents));
    await stored(folder, file.sync());
  };
  // First, so that nothing else takes the unfinished texts for files of the folder around it.
  await write(ignoreFile, "*\n");
  const hash = new PackedHash();
  const place = { folder, unfinished: unfinished.path };
  const train = yield* packSide(corpus.train, "train", place, hash, 0);
  hash.endTrain();
  const heldOut = yield* packSide(corpus.heldOut, "heldOut", place, hash, train.chars);
  const index: PackedIndex = {
    format: packedFormat,
    version: packedVersion,
    rules: rulesVersion,
    train,
    heldOut,
    hash: hash.digest(),
  };
  await write(indexFile, `${JSON.stringify(index, null, 2)}\n`);
  await assertReplaceable(folder);
  await unfinished.finish();
  yield { kind: "done", index };
}

/** @throws MurmurError ("storage") if there is something at a path that is neither an empty folder nor a packed corpus and nothing else */
export async function assertReplaceable(folder: string): Promise<void> {
  const isThere = await lstat(folder).then(
    () => true,
    () => false,
  );
  if (!isThere) return;
  const entries = await readdir(folder).catch(() => undefined);
  if (entries?.length === 0 || (entries && isPackedOnly(entries) && (await isPackedCorpus(folder)))) return;
  throw new MurmurError(
    "storage",
    `${folder} already exists and is not a packed corpus, or holds other files too, so it is not replaced. Choose another folder, or delete that one.`,
  );
}

async function* packSide(
  sources: readonly TextSource[],
  side: Side,
  { folder, unfinished }: { readonly folder: string; readonly unfinished: string },
  hash: PackedHash,
  charsBefore: number,
): AsyncGenerator<PackingEvent, PackedTotal, undefined> {
  const { list, texts } = sideFiles[side];
  await using lines = await stored(folder, open(join(unfinished, list), "wx"));
  await using bytes = await stored(folder, open(join(unfinished, texts), "wx"));
  const total = { texts: sources.length, bytes: 0, chars: 0 };
  for (const source of sources) {
    const found = createHash("sha256");
    const { bytes: offset, chars } = total;
    for (const piece of source.pieces(readAtOnce)) {
      const utf8 = Buffer.from(piece);
      await stored(folder, bytes.appendFile(utf8));
      found.update(utf8);
      total.bytes += utf8.length;
      total.chars += piece.length;
      yield { kind: "progress", chars: charsBefore + total.chars };
    }
    const text: PackedText = {
      name: source.name,
      hash: found.digest("hex"),
      language: languageOfName(source.name) ?? null,
      offset,
      length: total.bytes - offset,
      chars: total.chars - chars,
      sketch: source.sketch,
    };
    assertSame(source, text);
    await stored(folder, lines.appendFile(`${JSON.stringify(text)}\n`));
    hash.add(text);
  }
  for (const file of [lines, bytes]) await stored(folder, file.sync());
  return total;
}

/** Copies were dropped and texts held out by what the files were when they were first read. @throws MurmurError ("no-text") if a text is another now */
function assertSame({ name, hash }: TextSource, packed: PackedText): void {
  if (hash === packed.hash) return;
  throw new MurmurError(
    "no-text",
    `${name} was changed or deleted while it was being packed. Pack again when nothing writes to the files.`,
  );
}
