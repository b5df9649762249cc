import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { endWithReader } from "../closed-output.ts";
import { watchFraming } from "./framing.ts";
import { connectionOptions, MurmurServer } from "./server.ts";

// The extension starts this over IPC; other clients use --stdio.
endWithReader();
if (process.argv.includes("--stdio")) watchFraming(process.stdin);
new MurmurServer(createConnection(ProposedFeatures.all, connectionOptions)).listen();
