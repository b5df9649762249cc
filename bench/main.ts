import { execFileSync } from "node:child_process";
import { cpus } from "node:os";
import { join } from "node:path";
import { benchLatency } from "./latency.ts";
import { benchStartup } from "./startup.ts";
import { benchTraining } from "./training.ts";

// npm run bench [-- training|latency|startup]

const benches = { training: benchTraining, latency: benchLatency, startup: benchStartup };
const chosen = process.argv.slice(2);

execFileSync(process.execPath, [join(import.meta.dirname, "../esbuild.js")], { stdio: "ignore" });
console.log(`${cpus().length} × ${cpus()[0]?.model ?? "unknown"}, Node ${process.version}`);
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(`\n${name}`);
  await bench();
}
