import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { endWithReader } from "../closed-output.ts";
import { MurmurServer } from "./server.ts";

// Started by the extension over IPC, or with --stdio.
endWithReader();
new MurmurServer(createConnection(ProposedFeatures.all)).listen();
