import { isCommitBox } from "./commit-boxes.ts";
import type { InlineRequestsOptions } from "./inline-requests.ts";
import type { ServerSilence } from "./silence.ts";
import type { TrackedDocument } from "./tracked-document.ts";

/** Why nothing is suggested anywhere in a document; undefined: something may be. */
export async function refusalIn(
  document: TrackedDocument | undefined,
  {
    document: openDocument,
    settings,
    enablement,
    isExcluded,
    engine,
  }: Pick<InlineRequestsOptions, "document" | "settings" | "enablement" | "isExcluded" | "engine">,
): Promise<ServerSilence | undefined> {
  if (!settings().enabled) return "off";
  if (!document) return "not-open";
  if (!(await enablement.isOn(document))) return "off";
  // It may have been closed meanwhile.
  if (openDocument(document.uri) !== document) return "not-open";
  if (isExcluded(document.uri)) return "excluded";
  if (isCommitBox(document.uri) && !settings().commitMessages) return "commit-messages";
  return engine() ? undefined : "no-model";
}
