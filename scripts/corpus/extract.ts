import type { ArchiveEntry } from "./manifest.ts";
import { run } from "./run.ts";

/** Unpacks a package's archive into an existing folder. @throws Error if the archive can't be read */
export async function extractArchive(
  { registry }: Pick<ArchiveEntry, "registry">,
  archive: string,
  folder: string,
): Promise<void> {
  switch (registry) {
    case "debian":
      await run("dpkg-deb", ["-x", archive, folder], folder);
      break;
    case "pypi":
    case "go":
    case "maven":
      await run("unzip", ["-q", archive, "-d", folder], folder);
      break;
    default:
      await run("tar", ["-xf", archive, "--no-same-owner"], folder);
  }
}
