import { Command } from "commander";
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { connectionOptions, MurmurServer } from "../server/server.ts";

/** What the reader says of a message whose end can't be known. It never reads another one. */
const withoutEnd = /^(?:Header must provide|Content-Length value must)/;

/** `murmur lsp --stdio`: the language server, for any editor that supports LSP 3.18's inline completions. */
export function lspCommand(): Command {
  return new Command("lsp")
    .description("run the language server (LSP 3.18, textDocument/inlineCompletion) over standard input and output")
    .option("--stdio", "communicate over standard input and output (always on)", true)
    .action(run);
}

function run(): void {
  const reader = new StreamMessageReader(process.stdin);
  // An editor starts a server again that ends; one that is deaf it keeps.
  reader.onError(({ message }) => {
    if (!withoutEnd.test(message)) return;
    process.stderr.write(
      `murmur lsp: a message has no valid Content-Length, so nothing after it can be read. The server ends.\n`,
    );
    process.exit(1);
  });
  const connection = createConnection(reader, new StreamMessageWriter(process.stdout), connectionOptions);
  new MurmurServer(connection).listen();
}
