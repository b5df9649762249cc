import { Command } from "commander";
import { createConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { watchFraming } from "../server/framing.ts";
import { connectionOptions, MurmurServer } from "../server/server.ts";

/** `murmur lsp --stdio`: the language server, for any editor that supports LSP 3.18's inline completions. */
export function lspCommand(): Command {
  return new Command("lsp")
    .description("run the language server (LSP 3.18, textDocument/inlineCompletion) over standard input and output")
    .option("--stdio", "communicate over standard input and output (always on)", true)
    .action(run);
}

function run(): void {
  watchFraming(process.stdin);
  const reader = new StreamMessageReader(process.stdin);
  const connection = createConnection(reader, new StreamMessageWriter(process.stdout), connectionOptions);
  new MurmurServer(connection).listen();
}
