import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";

/** The path of the pinned manifest. */
export const manifestPath = join(import.meta.dirname, "../../models/corpus-manifest.json");

const globs = z.array(z.string().min(1)).min(1).optional();

/** What pins an archive: its source and its identity. */
export const archiveEntry = z.strictObject({
  /**
   * Where it comes from: the npm registry; Debian's packages or source packages (the upstream archive); Python's wheels; Go's modules;
   * Rust's crates; Maven's archives of sources.
   */
  registry: z.enum(["npm", "debian", "debian-source", "pypi", "go", "crates", "maven"]),
  /** A Maven package's is "group:artifact". */
  name: z.string().regex(/^@?\w[\w.+-]*([/:]\w[\w.+-]*)*$/),
  version: z.string().regex(/^[\w.+:~-]+$/),
  /** SPDX expression of the files used; licences that apply together are joined with AND. */
  licence: z.string().min(1),
  /**
   * Hash of the archive: "sha256-" and hexadecimal, or npm's "sha512-" and base64. A Go module's archive is the one that the module
   * proxy made and keeps; one that is made anew may be compressed differently.
   */
  hash: z.string().regex(/^(sha256-[0-9a-f]{64}|sha512-[\w+/]{86}==)$/),
});

export type ArchiveEntry = z.infer<typeof archiveEntry>;

const packageEntry = archiveEntry.extend({
  split: z.enum(["train", "heldout"]),
  /** Files to leave out, as globs on their paths in the archive: another licence, another author, or text of no interest. */
  exclude: globs,
  /** Files to consider although they are where most packages keep built or vendored files. */
  include: globs,
  /** HTML pages; only the words of their main part are read, as prose. */
  prose: globs,
});

export type PackageEntry = z.infer<typeof packageEntry>;

const manifest = z
  .array(packageEntry)
  .refine(
    (entries) => new Set(entries.map((entry) => entry.name)).size === entries.length,
    "A package is listed twice.",
  );

/** The pinned packages that the default model is trained on and measured with. @throws Error if the file is malformed */
export function readManifest(path = manifestPath): PackageEntry[] {
  const parsed = manifest.safeParse(JSON.parse(readFileSync(path, "utf8")));
  if (!parsed.success) throw new Error(`${path} is no corpus manifest: ${z.prettifyError(parsed.error)}`);
  return parsed.data;
}
