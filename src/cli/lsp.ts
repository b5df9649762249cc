import { Command } from "commander";
import { createConnection } from "vscode-languageserver/node";
import { connectionOptions, MurmurServer } from "../server/server.ts";

/** `murmur lsp --stdio`: the language server, for any editor that supports LSP 3.18's inline completions. */
export function lspCommand(): Command {
  return new Command("lsp")
    .description("run the language server (LSP 3.18, textDocument/inlineCompletion) over standard input and output")
    .option("--stdio", "communicate over standard input and output (always on)", true)
    .action(() => new MurmurServer(createConnection(process.stdin, process.stdout, connectionOptions)).listen());
}
