import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const packageEntry = z.object({
  /** Where it comes from: the npm registry, Debian's packages, or Debian's source packages. */
  registry: z.enum(["npm", "debian", "debian-source"]),
  name: z.string(),
  version: z.string(),
  /** SPDX. */
  licence: z.string(),
  split: z.enum(["train", "heldout"]),
  /** Of the archive: "sha256-" and hexadecimal, or npm's "sha512-" and base64. */
  hash: z.string().regex(/^sha(256|512)-/),
});

export type PackageEntry = z.infer<typeof packageEntry>;

/** The pinned packages that the default model is trained on and measured with. */
export function readManifest(): PackageEntry[] {
  const path = join(import.meta.dirname, "../../models/corpus-manifest.json");
  return z.array(packageEntry).parse(JSON.parse(readFileSync(path, "utf8")));
}
