import type { Rehearsal } from "../../completion/memory/rehearsal.ts";
import type { Skipped } from "../../corpus/skipped.ts";
import type { ReadingOptions } from "./workspace-files.ts";

/** Rehearses texts; see {@link Rehearsal}. */
export interface Rehearser {
  /** Undefined if no text can be rehearsed. */
  rehearsal(): (Pick<Rehearsal, "read"> & AsyncDisposable) | undefined;
}

/** The result of reading a workspace's files. */
export interface ReadingResult {
  /** The number of new or changed files, and of their characters. */
  files: number;
  length: number;
  /** The number of files that were already known unchanged. */
  known: number;
  /** The number of files that were forgotten because they are gone or now excluded. */
  forgotten: number;
  /** The number of characters of all files. */
  total: number;
  /** The bytes of the files that are new or have changed, as far as they may be read, and of those that were dealt with so far. */
  toRead: number;
  done: number;
  /** Whether files were left unread because there are more than the memory holds. */
  isCutOff: boolean;
  /** Milliseconds that it took to find out what changed. */
  looking: number;
  /** What was left out. */
  readonly skipped: Skipped;
}

/** The options of a reading, without those that it sets itself. */
export type FileOptions = Omit<ReadingOptions, "skip">;

/** Whether a file is open in the editor. Then it is learned as it is edited, not as it is on disk. */
export function isOpen(path: string, { open }: FileOptions): boolean {
  return open().includes(path);
}

export function nothingYet(): ReadingResult {
  return {
    files: 0,
    length: 0,
    known: 0,
    forgotten: 0,
    total: 0,
    toRead: 0,
    done: 0,
    isCutOff: false,
    looking: 0,
    skipped: {},
  };
}
