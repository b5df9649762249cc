import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

/** Where the pinned manifest lies. */
export const manifestPath = join(import.meta.dirname, "../../models/corpus-manifest.json");

const globs = z.array(z.string().min(1)).min(1).optional();

/** What pins an archive: where it comes from, and what it is. */
export const archiveEntry = z.strictObject({
  /** Where it comes from: the npm registry, Debian's packages, or Debian's source packages (the upstream archive). */
  registry: z.enum(["npm", "debian", "debian-source"]),
  name: z.string().regex(/^(@[\w.-]+\/)?[\w.+-]+$/),
  version: z.string().regex(/^[\w.+:~-]+$/),
  /** SPDX expression of the files that are used; several licences that hold side by side are joined with AND. */
  licence: z.string().min(1),
  /** Of the archive: "sha256-" and hexadecimal, or npm's "sha512-" and base64. */
  hash: z.string().regex(/^(sha256-[0-9a-f]{64}|sha512-[\w+/]{86}==)$/),
});

export type ArchiveEntry = z.infer<typeof archiveEntry>;

const packageEntry = archiveEntry.extend({
  split: z.enum(["train", "heldout"]),
  /** Files to leave out, as globs on their paths in the archive: another licence, another author, or no text of interest. */
  exclude: globs,
  /** Files to consider although they lie where most packages keep what was built or copied from others. */
  include: globs,
  /** HTML pages of which only the words of the main part are read, as prose. */
  prose: globs,
});

export type PackageEntry = z.infer<typeof packageEntry>;

const manifest = z
  .array(packageEntry)
  .refine(
    (entries) => new Set(entries.map((entry) => entry.name)).size === entries.length,
    "A package is listed twice.",
  );

/** The pinned packages that the default model is trained on and measured with. @throws Error if the file is not of that form */
export function readManifest(path = manifestPath): PackageEntry[] {
  const parsed = manifest.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(`${path} is no corpus manifest: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
