import type { CancellationToken, InlineCompletionItem, Position, SelectedCompletionInfo } from "vscode-languageserver";
import type { Answer, CompletionEngine } from "../../completion/engine.ts";
import type { Settings } from "../settings.ts";
import type { ServerSilence } from "./silence.ts";
import type { TrackedDocument } from "./tracked-document.ts";

export interface InlineRequest {
  readonly document: Pick<TrackedDocument, "uri" | "text">;
  readonly position: Position;
  /** The item selected in the editor's list of suggestions, which a completion must continue. */
  readonly selected: SelectedCompletionInfo | undefined;
  /** Whether the user requested it. */
  readonly isManual: boolean;
}

export interface InlineAnswer {
  /** Best first. */
  readonly items: readonly InlineCompletionItem[];
  /** Why there are no items. */
  readonly silence?: ServerSilence | undefined;
  /** Whether time ran out before decoding was complete. */
  readonly isPartial: boolean;
}

/**
 * Returns the engine's suggestions at a position, in LSP's terms. A position past the end of a line or of the document means that end.
 * @param budget the time allowed, in milliseconds; by default the engine's own
 */
export async function inlineCompletion(
  engine: Pick<CompletionEngine, "suggest">,
  request: InlineRequest,
  settings: Settings,
  token?: CancellationToken,
  budget?: number,
): Promise<InlineAnswer> {
  const { document, selected, isManual } = request;
  const { text } = document;
  const { start, end, inserted } = replacedBy(request);
  const abort = new AbortController();
  const cancellation = token?.onCancellationRequested(() => abort.abort());
  let answer: Answer;
  try {
    answer = await engine.suggest({
      uri: document.uri,
      text: selected ? text.replace(start, end, inserted) : text,
      offset: start + inserted.length,
      temperature: settings.temperature,
      maxCharacters: settings.maxCharacters,
      eagerness: settings.eagerness,
      isManual,
      budget,
      signal: abort.signal,
    });
  } finally {
    cancellation?.dispose();
  }
  const { suggestion, silence, isPartial = false } = answer;
  if (document.text !== text) return { items: [], silence: "cancelled", isPartial: false };
  if (!suggestion) return { items: [], silence, isPartial };
  const items = [suggestion, ...(answer.alternatives ?? [])].map(({ text: suggested, replacedLength }) => ({
    insertText: inserted + suggested,
    range: { start: text.positionAt(start), end: text.positionAt(end + replacedLength) },
  }));
  return { items, isPartial };
}

/**
 * The range that every answer replaces, in offsets, and the text it begins with. Without a selected item, both are empty at the cursor;
 * otherwise they are the item's. An editor shows a completion beside a selected item only if the completion begins with the
 * item's text, starts where the item starts, and replaces at least what the item replaces.
 */
function replacedBy({ document: { text }, position, selected }: InlineRequest): {
  readonly start: number;
  readonly end: number;
  readonly inserted: string;
} {
  const range = selected?.range ?? { start: position, end: position };
  const [from, to] = [text.offsetAt(range.start), text.offsetAt(range.end)];
  return { start: Math.min(from, to), end: Math.max(from, to), inserted: selected?.text ?? "" };
}
