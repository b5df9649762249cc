import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A file that is open to be read. */
export interface RegularFile extends AsyncDisposable {
  /** In bytes, when it was opened. */
  readonly size: number;
  /** Its first bytes, at most so many. */
  first(count: number): Promise<Buffer>;
}

/** Opening a FIFO would wait for its writer; this does not. */
const toRead = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Opens a file to read it.
 * @param options.followLinks whether the path may be a symbolic link
 * @returns undefined if it is no regular file: a folder, a FIFO, a socket or a device
 * @throws the system's error if it can't be opened
 */
export async function openRegular(path: string, { followLinks = true } = {}): Promise<RegularFile | undefined> {
  const file = await open(path, followLinks ? toRead : toRead | (constants.O_NOFOLLOW ?? 0));
  const found = await file.stat().catch(() => undefined);
  if (!found?.isFile()) {
    await file.close();
    return undefined;
  }
  return {
    size: found.size,
    first: (count) => firstBytes(file, count),
    [Symbol.asyncDispose]: () => file.close(),
  };
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

/** Files of settings and rules that are larger were not written by a person. */
const largestText = 1 << 20;

/**
 * The text of a small file, such as a list of rules.
 * @returns undefined if there is none, or no regular file
 * @throws Error if it is larger than 1 MB or can't be read
 */
export async function readSmallText(
  path: string,
  options: { followLinks?: boolean } = {},
): Promise<string | undefined> {
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

/** Whether there is no such file: none of the name, a link that is not followed, or what can't be opened at all. */
function isAbsence(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return ["ENOENT", "ENOTDIR", "ELOOP", "EISDIR", "ENXIO"].includes(code ?? "");
}
