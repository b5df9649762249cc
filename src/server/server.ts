import type { Connection, ConnectionOptions, InitializeResult, RequestMessage } from "vscode-languageserver";
import { InitializeRequest, Message, TextDocumentSyncKind } from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import { useLanguageOf } from "../l10n-bundles.ts";
import { notebookDocumentSync } from "./documents/notebooks.ts";
import { clientOf } from "./initialization.ts";
import { Session } from "./session.ts";

/**
 * Options of the connection: a client that names no capabilities counts as one that has none. The library itself reads them, and fails
 * without them.
 */
export const connectionOptions: ConnectionOptions = {
  messageStrategy: {
    handleMessage: (message, next) =>
      next(
        Message.isRequest(message) && message.method === InitializeRequest.method ? withCapabilities(message) : message,
      ),
  },
};

/** Serves one client over a connection. */
export class MurmurServer {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  listen(): void {
    // Handlers leave work behind that nobody waits for. If some of it fails, all else goes on.
    process.on("unhandledRejection", (error) => this.#connection.console.error(`Unexpected: ${stackOf(error)}`));
    this.#connection.onInitialize((params): InitializeResult => {
      useLanguageOf(params.locale);
      new Session(this.#connection, clientOf(params)).listen();
      return {
        capabilities: {
          textDocumentSync: TextDocumentSyncKind.Incremental,
          notebookDocumentSync,
          inlineCompletionProvider: true,
          workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
        },
        serverInfo: { name: "murmur" },
      };
    });
    this.#connection.listen();
  }
}

function stackOf(error: unknown): string {
  return (error instanceof Error && error.stack) || messageOf(error);
}

function withCapabilities(message: RequestMessage): RequestMessage {
  const params = isObject(message.params) ? message.params : {};
  return {
    ...message,
    params: { ...params, capabilities: isObject(params["capabilities"]) ? params["capabilities"] : {} },
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
