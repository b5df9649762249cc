import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { endWithReader } from "../closed-output.ts";
import { connectionOptions, MurmurServer } from "./server.ts";

// The extension starts this over IPC; other clients use --stdio.
endWithReader();
new MurmurServer(createConnection(ProposedFeatures.all, connectionOptions)).listen();
