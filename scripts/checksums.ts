import { createHash } from "node:crypto";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const models = join(import.meta.dirname, "../models");

/** Writes models/SHA256SUMS, by which Murmur notices a damaged default model, in the form of sha256sum. */
export async function writeChecksums(): Promise<void> {
  const lines: string[] = [];
  for (const name of ["default.onnx", "mixing.bin"]) {
    const hash = createHash("sha256").update(await readFile(join(models, name)));
    lines.push(`${hash.digest("hex")}  ${name}\n`);
  }
  await writeFile(join(models, "SHA256SUMS"), lines.join(""));
}
