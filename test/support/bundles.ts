import { execFile } from "node:child_process";
import { symlink } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Folder } from "./folder.ts";

const root = join(import.meta.dirname, "../..");

/** Builds the programs as they ship into `dist` of a folder, with the models beside them. @returns the path of `dist` */
export async function buildInto(folder: Folder): Promise<string> {
  await promisify(execFile)(process.execPath, [join(root, "esbuild.js"), "--outdir", folder.join("dist")], {
    cwd: root,
  });
  await symlink(join(root, "models"), folder.join("models"), "junction");
  return folder.join("dist");
}
