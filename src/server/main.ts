import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { MurmurServer } from "./server.ts";

// Started by the extension over IPC, or with --stdio.
new MurmurServer(createConnection(ProposedFeatures.all)).listen();
