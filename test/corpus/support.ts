import { realpathSync } from "node:fs";
import type { SuitableFile } from "../../src/corpus/files.ts";
import type { Folder } from "../support/folder.ts";

/** A file of a folder as it is chosen, whatever it contains. */
export function chosenFile(folder: Folder, name: string): SuitableFile {
  return { path: realpathSync.native(folder.join(name)), name, limit: 1 << 24 };
}
