import { open, stat } from "node:fs/promises";
import { isAbsolute, relative, resolve, sep } from "node:path";
import { assertReplaceable } from "../corpus/packed/pack-corpus.ts";
import { MurmurError } from "../errors.ts";
import { metadataKey } from "../model/info.ts";
import { parseModel, readModelFile } from "../model/model-file.ts";
import { assertWritable, targetOf } from "../output-file.ts";
import { assertFolderWritable } from "../output-folder.ts";

/** A file that a command must not overwrite. */
export interface Input {
  readonly path: string;
  /** The file's role in the command, to complete the phrase "that is …". */
  readonly role: string;
}

/**
 * Checks, before a long run, that a model can be written to `path` and would replace nothing but an earlier model.
 * @throws MurmurError ("bad-option") if the path is one of the inputs; ("storage") if the path, or that of the checkpoint next to it, is
 * not a regular file or not one of Murmur's
 */
export async function assertModelOutput(path: string, inputs: readonly Input[]): Promise<void> {
  const target = await targetOf(path);
  const checkpoint = `${target}.checkpoint`;
  for (const written of [path, checkpoint]) {
    await assertWritable(written);
    await assertNoInput("--out", written, inputs);
  }
  await assertOwn(path, "model", isModel);
  await assertOwn(checkpoint, "checkpoint", async () => (await startOf(checkpoint)).startsWith("murmur-checkpoint-"));
}

/** Checks the same for a report. @throws MurmurError ("bad-option", "storage") */
export async function assertReportOutput(path: string, inputs: readonly Input[]): Promise<void> {
  await assertWritable(path);
  await assertNoInput("--report", path, inputs);
  await assertOwn(path, "report", async () => (await startOf(path)).includes(" · Murmur</title>"));
}

/**
 * Checks, before a long run, that a packed corpus can be written to a folder and would replace nothing but an earlier one.
 * @throws MurmurError ("bad-option") if one of the inputs is in the folder; ("storage") if the folder can't be written or is another
 */
export async function assertCorpusOutput(folder: string, inputs: readonly Input[]): Promise<void> {
  const target = await targetOf(folder);
  await assertFolderWritable(folder);
  for (const input of inputs) {
    const way = relative(target, await targetOf(resolve(input.path)));
    if (isAbsolute(way) || way.split(sep)[0] === "..") continue;
    throw new MurmurError(
      "bad-option",
      `--out would replace the folder ${folder}, but ${way === "" ? "that" : `${input.path}, which is in it,`} is ${input.role}. Choose another folder.`,
    );
  }
  await assertReplaceable(folder);
}

/** Compares files rather than names, because links and the case of letters can give a file several names. */
async function assertNoInput(option: string, path: string, inputs: readonly Input[]): Promise<void> {
  const output = await identityOf(path);
  if (output === undefined) return;
  for (const input of inputs) {
    if ((await identityOf(input.path)) !== output) continue;
    throw new MurmurError(
      "bad-option",
      `${option} would replace ${path}, but that is ${input.role}. Choose another file.`,
    );
  }
}

async function identityOf(path: string): Promise<string | undefined> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}

async function assertOwn(path: string, kind: string, isOwn: (path: string) => Promise<boolean>): Promise<void> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size === 0 || (await isOwn(path))) return;
  throw new MurmurError(
    "storage",
    `${path} already exists and is not a Murmur ${kind}, so it is not replaced. Choose another file, or delete that one.`,
  );
}

async function isModel(path: string): Promise<boolean> {
  try {
    return metadataKey in parseModel(await readModelFile(path), path).metadata;
  } catch {
    return false;
  }
}

/** The first characters of a file; empty if it can't be read. */
async function startOf(path: string): Promise<string> {
  try {
    await using file = await open(path);
    const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(1024) });
    return buffer.toString("utf8", 0, bytesRead);
  } catch {
    return "";
  }
}
