import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { sourceOf } from "./made-source.ts";
import { ServerUnderTest } from "./server.ts";
import { quantile, temporaryFolder } from "./support.ts";

const lines = 2000;
const keystrokes = 400;
/** Files that are read meanwhile: four megabytes, which the server doesn't come to the end of. */
const files = 400;
const linesOfFile = 300;

/**
 * From the notification of a keystroke to the answered inline completion, over stdio with the bundled language server and
 * the default model, at the end of a file of 2,000 lines: in an empty workspace, and while a large one is read for the first time.
 */
export async function benchLatency(): Promise<void> {
  console.log(`keystroke to answer at the end of ${lines} lines, ${keystrokes} keystrokes:`);
  for (const [name, count] of [
    ["an empty workspace", 0],
    ["a workspace that is being read", files],
  ] as const) {
    await using workspace = await temporaryFolder();
    await using storage = await temporaryFolder();
    for (let i = 0; i < count; i++)
      await writeFile(join(workspace.path, `part${i}.js`), sourceOf(linesOfFile, i * linesOfFile));
    await using server = await ServerUnderTest.start(workspace.path, storage.path);
    await server.ready;
    const { times, shown } = await server.type("file.js", {
      before: sourceOf(lines),
      typed: sourceOf(60).slice(0, keystrokes),
    });
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) => quantile(times.slice(1), share).toFixed(1));
    const memory = (await server.memory()).now.toFixed(0);
    console.log(
      `- ${name}: p50 ${p50} ms, p95 ${p95} ms, p99 ${p99} ms, the first ${times[0]?.toFixed(0)} ms; ${shown} with a suggestion; ${memory} MB of resident memory`,
    );
  }
}
