import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A file that is open for reading. */
export interface RegularFile extends AsyncDisposable {
  /** The size in bytes when the file was opened. */
  readonly size: number;
  /** Reads at most this many bytes from the start. */
  first(count: number): Promise<Buffer>;
  /** Reads all lines, piece by piece. */
  lines(): AsyncIterable<string>;
}

interface OpenOptions {
  /** Whether the path may be a symbolic link; true by default. */
  readonly followLinks?: boolean;
}

/** The flags for reading. Non-blocking, because opening a FIFO would otherwise wait for a writer. */
function flagsFor({ followLinks = true }: OpenOptions): number {
  return constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (followLinks ? 0 : (constants.O_NOFOLLOW ?? 0));
}

/**
 * Opens a file for reading.
 * @returns undefined if it is not a regular file but a folder, a FIFO, a socket or a device
 * @throws the system's error if the file can't be opened
 */
export async function openRegular(path: string, options: OpenOptions = {}): Promise<RegularFile | undefined> {
  const file = await open(path, flagsFor(options));
  const found = await file.stat().catch(() => undefined);
  if (!found?.isFile()) {
    await file.close();
    return undefined;
  }
  return {
    size: found.size,
    first: (count) => firstBytes(file, count),
    lines: () => file.readLines(),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/**
 * Opens a file for reading, where a text is read synchronously.
 * @returns the descriptor, which the caller closes; undefined if it is not a regular file
 * @throws the system's error if the file can't be opened
 */
export function openRegularSync(path: string, options: OpenOptions = {}): number | undefined {
  const file = openSync(path, flagsFor(options));
  let isFile = false;
  try {
    isFile = fstatSync(file).isFile();
  } finally {
    if (!isFile) closeSync(file);
  }
  return isFile ? file : undefined;
}

async function firstBytes(file: FileHandle, count: number): Promise<Buffer> {
  const buffer = Buffer.alloc(count);
  let length = 0;
  while (length < count) {
    const { bytesRead } = await file.read(buffer, length, count - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/** Larger files of settings and rules were not written by hand. */
const largestText = 1 << 20;

/**
 * The text of a small file, such as a list of rules.
 * @returns undefined if the file does not exist or is not a regular file
 * @throws Error if the file is larger than 1 MB or can't be read
 */
export async function readSmallText(path: string, options: OpenOptions = {}): Promise<string | undefined> {
  try {
    await using file = await openRegular(path, options);
    if (!file) return undefined;
    if (file.size > largestText) throw new Error(`${path} is larger than 1 MB`);
    return (await file.first(file.size)).toString();
  } catch (error) {
    if (isAbsence(error)) return undefined;
    throw error;
  }
}

/** Whether an error means that there is no such file: no file of this name, a link that is not followed, or something that can't be opened. */
function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "ENXIO"].includes(code ?? "");
}
