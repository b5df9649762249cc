import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { createProtocolConnection, StreamMessageReader, StreamMessageWriter } from "vscode-languageserver/node";
import { quantile } from "./support.ts";

const root = join(import.meta.dirname, "..");
const lines = 2000;
const keystrokes = 400;
/** Pause between keystrokes, as of a fast typist. */
const pause = 60;

/**
 * From the notification of a keystroke to the answered inline completion, over stdio with the bundled language server and
 * the default model, at the end of a file of 2,000 lines.
 */
export async function benchLatency(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "murmur-bench-"));
  const server = spawn(process.execPath, [join(root, "dist/murmur.js"), "lsp", "--stdio"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  try {
    const connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    const ready = new Promise<void>((resolve) => connection.onNotification("murmur/status", () => resolve()));
    connection.listen();
    const rootUri = pathToFileURL(folder).href;
    await connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri,
      capabilities: {},
      initializationOptions: { storagePath: folder },
    });
    await connection.sendNotification("initialized", {});
    await ready;
    const uri = `${rootUri}/file.js`;
    const text = sourceOf(lines);
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "javascript", version: 1, text },
    });
    const typed = sourceOf(60).slice(0, keystrokes);
    const times: number[] = [];
    let shown = 0;
    let [line, character] = [lines, 0];
    for (const [i, key] of [...typed].entries()) {
      const position = { line, character };
      const start = performance.now();
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: i + 2 },
        contentChanges: [{ range: { start: position, end: position }, text: key }],
      });
      [line, character] = key === "\n" ? [line + 1, 0] : [line, character + 1];
      const items = (await connection.sendRequest("textDocument/inlineCompletion", {
        textDocument: { uri },
        position: { line, character },
        context: { triggerKind: 2 },
      })) as unknown[];
      times.push(performance.now() - start);
      if (items.length > 0) shown++;
      await new Promise((resolve) => setTimeout(resolve, pause));
    }
    const resident = await residentMegabytes(server.pid ?? 0);
    const rest = times.slice(1);
    console.log(
      `keystroke to answer at the end of ${lines} lines, ${keystrokes} keystrokes, ${shown} with a suggestion: p50 ${quantile(rest, 0.5).toFixed(1)} ms, p95 ${quantile(rest, 0.95).toFixed(1)} ms, p99 ${quantile(rest, 0.99).toFixed(1)} ms; the first ${times[0]?.toFixed(0)} ms`,
    );
    console.log(`resident memory of the server: ${resident.toFixed(0)} MB`);
    connection.dispose();
  } finally {
    server.kill();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Code that no two lines of are quite the same. */
function sourceOf(count: number): string {
  return Array.from({ length: count }, (_, i) => {
    switch (i % 6) {
      case 0:
        return `export function handle${i}(request, response) {`;
      case 1:
        return `  const value${i} = request.query.get("key${i % 17}");`;
      case 2:
        return `  for (let i = 0; i < value${i - 1}.length; i++) {`;
      case 3:
        return `    response.write(value${i - 2}[i]);`;
      case 4:
        return "  }";
      default:
        return "}";
    }
  })
    .join("\n")
    .concat("\n");
}

async function residentMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024;
}
