import { fileURLToPath } from "node:url";

/** The name by which a document's text is known: the path of its file, as when the file is read; the URI if it has no file. */
export function textName(uri: string): string {
  try {
    return uri.startsWith("file:") ? fileURLToPath(uri) : uri;
  } catch {
    // Such as file://another-machine/share.
    return uri;
  }
}
