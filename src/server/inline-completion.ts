import type { CancellationToken, InlineCompletionItem, Position, SelectedCompletionInfo } from "vscode-languageserver";
import { TextDocument } from "vscode-languageserver-textdocument";
import type { CompletionEngine, Silence } from "../completion/engine.ts";
import type { Settings } from "./settings.ts";

export interface InlineRequest {
  readonly document: TextDocument;
  readonly position: Position;
  /** The item that is selected in the editor's list of suggestions, which a completion must go on from. */
  readonly selected: SelectedCompletionInfo | undefined;
}

export interface InlineAnswer {
  readonly item?: InlineCompletionItem;
  readonly silence?: Silence | undefined;
  /** Whether time ran out before all was decoded. */
  readonly isPartial: boolean;
}

/**
 * Asks the engine for a suggestion at a position, in LSP's terms.
 * @param budget milliseconds that it may take, if not the engine's
 */
export async function inlineCompletion(
  engine: CompletionEngine,
  { document, position, selected }: InlineRequest,
  settings: Settings,
  token?: CancellationToken,
  budget?: number,
): Promise<InlineAnswer> {
  const abort = new AbortController();
  const cancellation = token?.onCancellationRequested(() => abort.abort());
  try {
    const shown = selected ? withSelected(document, selected) : document;
    const offset = selected
      ? document.offsetAt(selected.range.start) + selected.text.length
      : document.offsetAt(position);
    const {
      suggestion,
      silence,
      isPartial = false,
    } = await engine.suggest({
      uri: document.uri,
      text: shown.getText(),
      offset,
      temperature: settings.temperature,
      maxCharacters: settings.maxCharacters,
      budget,
      signal: abort.signal,
    });
    if (!suggestion) return { silence, isPartial };
    const start = selected ? selected.range.start : position;
    const end = document.positionAt(
      document.offsetAt(selected ? selected.range.end : position) + suggestion.replacedLength,
    );
    return { item: { insertText: (selected?.text ?? "") + suggestion.text, range: { start, end } }, isPartial };
  } finally {
    cancellation?.dispose();
  }
}

/** The document as it would be with the selected item accepted. */
function withSelected(document: TextDocument, { range, text }: SelectedCompletionInfo): TextDocument {
  const changed = TextDocument.applyEdits(document, [{ range, newText: text }]);
  return TextDocument.create(document.uri, document.languageId, document.version, changed);
}
