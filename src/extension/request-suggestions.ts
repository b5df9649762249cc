import type {
  CancellationToken,
  InlineCompletionContext,
  InlineCompletionItem,
  InlineCompletionList,
  Position,
  TextDocument,
} from "vscode";
import { type InlineCompletionParams, InlineCompletionRequest, type LanguageClient } from "vscode-languageclient/node";
import type { RequestDetails } from "../server/protocol.ts";

/** Where the editor asks for a suggestion, and why. */
interface AskedPlace {
  readonly document: TextDocument;
  readonly position: Position;
  readonly context: InlineCompletionContext;
  /** The cursors besides that of the position. */
  readonly others: readonly Position[];
  /** Whether the editor requests no further suggestions for this version of the document. */
  readonly isLast: boolean;
}

/** Requests suggestions from the server: at one cursor, or what is likely at all of several cursors. */
export async function requestSuggestions(
  client: LanguageClient,
  { document, position, context, others, isLast }: AskedPlace,
  token: CancellationToken,
): Promise<InlineCompletionItem[] | InlineCompletionList | null | undefined> {
  const { code2ProtocolConverter, protocol2CodeConverter } = client;
  const params: InlineCompletionParams & RequestDetails = {
    ...code2ProtocolConverter.asInlineCompletionParams(document, position, context),
    otherCursors: others.map((other) => code2ProtocolConverter.asPosition(other)),
    isLast,
  };
  try {
    const found = await client.sendRequest(InlineCompletionRequest.type, params, token);
    return await protocol2CodeConverter.asInlineCompletionResult(found, token);
  } catch (error) {
    return client.handleFailedRequest(InlineCompletionRequest.type, token, error, null);
  }
}
