import type { Connection, InitializeResult } from "vscode-languageserver";
import { TextDocumentSyncKind } from "vscode-languageserver";
import { clientOf } from "./initialization.ts";
import { notebookDocumentSync } from "./notebooks.ts";
import { Session } from "./session.ts";

/** Serves one client over a connection. */
export class MurmurServer {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  listen(): void {
    this.#connection.onInitialize((params): InitializeResult => {
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
