import { fileURLToPath } from "node:url";

/** What a document's text is known by: its file's path, so that it is the same text there; the URI where it has none. */
export function textName(uri: string): string {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : uri;
  } catch {
    // Such as file://another-machine/share.
    return uri;
  }
}
