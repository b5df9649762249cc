import type { CancellationToken, InlineCompletionItem, Position, SelectedCompletionInfo } from "vscode-languageserver";
import type { Answer, CompletionEngine } from "../completion/engine.ts";
import type { Settings } from "./settings.ts";
import type { Silence } from "./silence.ts";
import type { TrackedDocument } from "./tracked-document.ts";

export interface InlineRequest {
  readonly document: Pick<TrackedDocument, "uri" | "text">;
  readonly position: Position;
  /** The item that is selected in the editor's list of suggestions, which a completion must go on from. */
  readonly selected: SelectedCompletionInfo | undefined;
  /** Whether the user has asked for it. */
  readonly isManual: boolean;
}

export interface InlineAnswer {
  /** Best first. */
  readonly items: readonly InlineCompletionItem[];
  /** Why there are none. */
  readonly silence?: Silence | undefined;
  /** Whether time ran out before all was decoded. */
  readonly isPartial: boolean;
}

/**
 * Asks the engine for suggestions at a position, in LSP's terms. A position past a line's or the document's end is that end.
 * @param budget milliseconds that it may take, if not the engine's
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
 * What every answer replaces, in offsets, and what it begins with: nothing at the cursor, or the selected item in its range.
 * An editor shows a completion beside a selected item only if it begins with the item's text, where the item begins, and
 * replaces no less than the item does.
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
