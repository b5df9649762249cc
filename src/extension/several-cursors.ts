import type {
  CancellationToken,
  InlineCompletionContext,
  InlineCompletionItem,
  InlineCompletionList,
  Position,
  TextDocument,
} from "vscode";
import { type InlineCompletionParams, InlineCompletionRequest, type LanguageClient } from "vscode-languageclient/node";
import type { OtherCursors } from "../server/protocol.ts";

/** Where the editor asks for a suggestion, and why. */
interface AskedPlace {
  readonly document: TextDocument;
  readonly position: Position;
  readonly context: InlineCompletionContext;
}

/** Asks for what is likely at all of several cursors. */
export async function completeAtAll(
  client: LanguageClient,
  { document, position, context }: AskedPlace,
  others: readonly Position[],
  token: CancellationToken,
): Promise<InlineCompletionItem[] | InlineCompletionList | null | undefined> {
  const { code2ProtocolConverter, protocol2CodeConverter } = client;
  const params: InlineCompletionParams & OtherCursors = {
    ...code2ProtocolConverter.asInlineCompletionParams(document, position, context),
    otherCursors: others.map((other) => code2ProtocolConverter.asPosition(other)),
  };
  try {
    const found = await client.sendRequest(InlineCompletionRequest.type, params, token);
    return await protocol2CodeConverter.asInlineCompletionResult(found, token);
  } catch (error) {
    return client.handleFailedRequest(InlineCompletionRequest.type, token, error, null);
  }
}
