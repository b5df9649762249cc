import { pathOf } from "../../uris.ts";

/** The name by which a document's text is known: the path of its file, as when the file is read; the URI if it has no file. */
export function textName(uri: string): string {
  return uri.startsWith("file:") ? (pathOf(uri) ?? uri) : uri;
}
