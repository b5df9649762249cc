import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { promisify } from "node:util";
import type { PackageEntry } from "./manifest.ts";

const run = promisify(execFile);
const options = { maxBuffer: 1 << 26 };

/**
 * Brings a package's archive into `folder`, unless it is there, and checks its hash.
 * @throws Error that names the package if it can't be had or is another than the manifest's
 */
export async function fetchArchive(entry: PackageEntry, folder: string): Promise<string> {
  const target = join(
    folder,
    `${entry.registry}-${entry.name.replaceAll("/", "+")}-${entry.version.replaceAll(":", "+")}`,
  );
  const present = await readFile(target).catch(() => undefined);
  if (present === undefined || !matches(present, entry.hash)) {
    const scratch = await mkdtemp(join(tmpdir(), "murmur-corpus-"));
    try {
      await rename(await download(entry, scratch, folder), target).catch(async () => {
        for (const name of await readdir(scratch)) await cp(join(scratch, name), target);
      });
    } catch (cause) {
      throw new Error(`${entry.name} ${entry.version} can't be fetched: ${String(cause)}`, { cause });
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  const bytes = await readFile(target);
  if (!matches(bytes, entry.hash)) {
    throw new Error(
      `${entry.name} ${entry.version} is not the pinned archive: expected ${entry.hash}, found ${hashLike(bytes, entry.hash)}`,
    );
  }
  return target;
}

async function download(entry: PackageEntry, scratch: string, folder: string): Promise<string> {
  const { name, version } = entry;
  if (entry.registry === "npm") {
    await run("npm", ["pack", "--silent", "--pack-destination", scratch, `${name}@${version}`], {
      ...options,
      cwd: scratch,
    });
  } else if (entry.registry === "debian") {
    await run("apt-get", ["download", `${name}=${version}`], { ...options, cwd: scratch });
  } else {
    const sources = await sourceLists(join(folder, "..", "apt"));
    await run("apt-get", [...sources, "source", "--download-only", "--tar-only", name], { ...options, cwd: scratch });
  }
  const files = await readdir(scratch);
  const [file] = files.filter((candidate) => entry.registry !== "debian-source" || /\.orig\.tar\./.test(candidate));
  if (file === undefined) throw new Error(`nothing came (${files.map((path) => basename(path)).join(", ")})`);
  return join(scratch, file);
}

let aptOptions: Promise<string[]> | undefined;

/** Options that make apt read this machine's package sources as sources of source packages too. */
function sourceLists(folder: string): Promise<string[]> {
  aptOptions ??= (async () => {
    const [parts, lists] = [join(folder, "sources"), join(folder, "lists")];
    await mkdir(parts, { recursive: true });
    await mkdir(join(lists, "partial"), { recursive: true });
    const stored = await readFile("/etc/apt/sources.list.d/debian.sources", "utf8");
    await writeFile(join(parts, "debian.sources"), stored.replace(/^Types:.*$/gm, "Types: deb-src"));
    const chosen = [
      "-o",
      "Dir::Etc::sourcelist=/dev/null",
      "-o",
      `Dir::Etc::sourceparts=${parts}`,
      "-o",
      `Dir::State::lists=${lists}`,
    ];
    await run("apt-get", [...chosen, "update"], options);
    return chosen;
  })();
  return aptOptions;
}

function matches(bytes: Uint8Array, hash: string): boolean {
  return hashLike(bytes, hash) === hash;
}

function hashLike(bytes: Uint8Array, hash: string): string {
  const algorithm = hash.slice(0, 6);
  return `${algorithm}-${createHash(algorithm)
    .update(bytes)
    .digest(algorithm === "sha512" ? "base64" : "hex")}`;
}
