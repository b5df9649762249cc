import type { CancellationToken, Connection } from "vscode-languageserver";
import { MurmurError, messageOf, printedBefore } from "../../errors.ts";
import { t } from "../../l10n.ts";
import type { ComparisonOptions } from "../../training/comparison.ts";
import { comparisonInWorker } from "../../training/comparison-job.ts";
import type { ModelFiles } from "../models/model-files.ts";
import type { ComparedModel, ComparedText, CompareModelsParams, ComparisonResult } from "../models-protocol.ts";
import { ClientProgress } from "./client-progress.ts";

/** The text to compare on. */
export type ComparisonSource = Omit<ComparisonOptions, "models">;

/** Compares models on a workspace's text, and shows the progress. The promise never rejects. */
export async function compareModels(
  connection: Connection,
  files: ModelFiles,
  source: ComparisonSource,
  { ids, workDoneToken }: CompareModelsParams,
  token: CancellationToken,
): Promise<ComparisonResult> {
  const cancel = new AbortController();
  if (token.isCancellationRequested) cancel.abort();
  const cancellation = token.onCancellationRequested(() => cancel.abort());
  const display = { title: t("Murmur is comparing models"), line: t("reading files"), token: workDoneToken };
  const progress = new ClientProgress(connection, display, () => cancel.abort());
  let text: ComparedText = { files: 0, characters: 0, mayBeKnown: false };
  const models: ComparedModel[] = [];
  const reportNext = (): void => {
    const percent = Math.floor((100 * models.length) / ids.length);
    progress.report(percent, t("measuring model {0} of {1}", models.length + 1, ids.length));
  };
  try {
    const paths = await Promise.all(ids.map((id) => files.pathOf(id)));
    for await (const event of comparisonInWorker({ ...source, models: paths }, cancel.signal)) {
      if (event.kind === "started") {
        text = { files: event.files, characters: event.chars, mayBeKnown: event.mayBeKnown };
      } else {
        const { mixed, bitsPerChar, acceptedShare, netSaved } = event.heldOut ?? {};
        models.push({ id: ids[models.length] ?? "", mixed, network: bitsPerChar, acceptedShare, netSaved });
      }
      if (models.length < ids.length) reportNext();
    }
    return { outcome: "done", models, ...text };
  } catch (error) {
    const isCancelled = error instanceof MurmurError && error.code === "cancelled";
    const printed = printedBefore(error);
    if (printed !== undefined) connection.console.error(`The comparing process printed: ${printed}`);
    return { outcome: isCancelled ? "cancelled" : "failed", message: messageOf(error) };
  } finally {
    progress.done();
    cancellation.dispose();
  }
}
