import { sourceOf } from "./made-source.ts";
import { ServerUnderTest } from "./server.ts";
import { quantile, temporaryFolder } from "./support.ts";

const lines = 2000;
const keystrokes = 400;

/**
 * From the notification of a keystroke to the answered inline completion, over stdio with the bundled language server and
 * the default model, at the end of a file of 2,000 lines.
 */
export async function benchLatency(): Promise<void> {
  await using folder = await temporaryFolder();
  await using server = await ServerUnderTest.start(folder.path, folder.path);
  await server.ready;
  const { times, shown } = await server.type("file.js", {
    before: sourceOf(lines),
    typed: sourceOf(60).slice(0, keystrokes),
  });
  const rest = times.slice(1);
  console.log(
    `keystroke to answer at the end of ${lines} lines, ${keystrokes} keystrokes, ${shown} with a suggestion: p50 ${quantile(rest, 0.5).toFixed(1)} ms, p95 ${quantile(rest, 0.95).toFixed(1)} ms, p99 ${quantile(rest, 0.99).toFixed(1)} ms; the first ${times[0]?.toFixed(0)} ms`,
  );
  console.log(`resident memory of the server: ${(await server.memory()).now.toFixed(0)} MB`);
}
