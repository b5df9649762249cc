import { fileURLToPath } from "node:url";

/** The path of a URI; undefined if it stands for no file of this machine. */
export function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : undefined;
  } catch {
    // Such as file://another-machine/share.
    return undefined;
  }
}

/** The paths of those URIs that have one. */
export function pathsOf(uris: Iterable<string>): string[] {
  return Array.from(uris, pathOf).filter((path) => path !== undefined);
}
