import { createHash } from "node:crypto";
import { copyFile, mkdtemp, readdir, readFile, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sourceLists } from "./apt.ts";
import type { ArchiveEntry } from "./manifest.ts";
import { run } from "./run.ts";

/**
 * The path of a package's archive in `folder`, fetched if it is missing.
 * @throws Error that names the package if it can't be fetched or differs from the manifest's
 */
export async function fetchArchive(entry: ArchiveEntry, folder: string): Promise<string> {
  const target = join(folder, archiveName(entry));
  const present = await readFile(target).catch(() => undefined);
  if (present && hashLike(entry.hash, present) === entry.hash) return target;
  const scratch = await mkdtemp(join(tmpdir(), "murmur-corpus-"));
  try {
    const archive = await download(entry, scratch, join(folder, "..", "apt"));
    const found = hashLike(entry.hash, await readFile(archive));
    if (found !== entry.hash) throw new Error(`it is another archive: expected ${entry.hash}, found ${found}`);
    // Moved into place only when complete, so that a stopped run leaves no partial archive.
    await copyFile(archive, `${target}.partial`);
    await rename(`${target}.partial`, target);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${entry.name} ${entry.version} (${entry.registry}) can't be used: ${reason}`, { cause });
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  return target;
}

/** A file name that is unique to a package, version and registry. */
function archiveName({ registry, name, version }: ArchiveEntry): string {
  return `${registry}-${name.replaceAll(/[/:]/g, "+")}-${version.replaceAll(":", "+")}`;
}

/** The names of the archives of each registry, by which they are distinguished from what else its client writes. */
export const archivePatterns: Readonly<Record<ArchiveEntry["registry"], RegExp>> = {
  npm: /\.tgz$/,
  debian: /\.deb$/,
  "debian-source": /\.orig\.tar\.\w+$/,
  pypi: /\.whl$/,
  // The module itself is unpacked beside it, with zip files of its own.
  go: /^cache\/download\/.*\/@v\/[^/]*\.zip$/,
  crates: /\.crate$/,
  maven: /-sources\.jar$/,
};

/**
 * Downloads an archive with the registry's own client.
 * @param scratch an empty folder
 * @param lists where the lists of Debian's source packages are kept
 * @returns its path
 */
export async function download(
  { registry, name, version }: Pick<ArchiveEntry, "registry" | "name" | "version">,
  scratch: string,
  lists: string,
): Promise<string> {
  switch (registry) {
    case "npm":
      await run("npm", ["pack", "--silent", "--pack-destination", scratch, `${name}@${version}`], scratch);
      break;
    case "debian":
      await run("apt-get", ["download", `${name}=${version}`], scratch);
      break;
    case "debian-source": {
      const options = await sourceLists(lists);
      await run("apt-get", [...options, "source", "--download-only", "--tar-only", name], scratch);
      break;
    }
    case "pypi": {
      const wheel = ["--no-deps", "--only-binary", ":all:"];
      await run("pip", ["download", "--quiet", ...wheel, "--dest", scratch, `${name}==${version}`], scratch);
      break;
    }
    case "go": {
      // The files of Go's own cache can't be deleted without the flag.
      const env = { GOMODCACHE: scratch, GOFLAGS: "-modcacherw" };
      await run("go", ["mod", "download", `${name}@v${version}`], scratch, env);
      break;
    }
    case "crates":
      // Shows what is in a crate, which it downloads for that; `cargo fetch` would bring all that the crate depends on.
      await run("cargo", ["info", "--quiet", `${name}@${version}`], scratch, { CARGO_HOME: scratch });
      break;
    case "maven": {
      const copy = ["dependency:copy", `-Dartifact=${name}:${version}:jar:sources`, `-DoutputDirectory=${scratch}`];
      await run("mvn", ["--batch-mode", "--quiet", ...copy], scratch);
      break;
    }
  }
  const files = await readdir(scratch, { recursive: true });
  const file = files.find((candidate) => archivePatterns[registry].test(candidate));
  if (file === undefined) throw new Error(`its registry gave no archive (${files.join(", ") || "nothing"})`);
  return join(scratch, file);
}

/** The hash of some bytes, in the notation of another hash. */
export function hashLike(hash: string, bytes: Uint8Array): string {
  const algorithm = hash.startsWith("sha512-") ? "sha512" : "sha256";
  const encoding = algorithm === "sha512" ? "base64" : "hex";
  return `${algorithm}-${createHash(algorithm).update(bytes).digest(encoding)}`;
}
