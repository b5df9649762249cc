import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { downloadAndUnzipVSCode, runVSCodeCommand } from "@vscode/test-electron";
import { freePort } from "./editor/server.ts";
import { packageExtension } from "./package.ts";

// npm run test:desktop: the editor's suites in a desktop VS Code, which @vscode/test-electron downloads. The keyboard is
// the same: the suites drive the window through its debugging port.

const root = join(import.meta.dirname, "..");
const data = await mkdtemp(join(tmpdir(), "murmur-desktop-"));
const folder = await mkdtemp(join(tmpdir(), "murmur-workspace-"));
const port = await freePort();
const vsix = await packageExtension(`${process.platform}-${process.arch}`);
const own = [`--user-data-dir=${join(data, "user")}`, `--extensions-dir=${join(data, "extensions")}`];
const executable = await downloadAndUnzipVSCode("stable");
await runVSCodeCommand(["--install-extension", vsix, ...own]);
const editor = spawn(executable, [
  folder,
  ...own,
  `--remote-debugging-port=${port}`,
  "--disable-workspace-trust",
  "--skip-welcome",
  "--skip-release-notes",
  "--disable-telemetry",
  "--no-sandbox",
]);
try {
  await untilListening(port);
  process.exitCode = await suites();
} finally {
  editor.kill();
  await rm(data, { recursive: true, force: true, maxRetries: 5 });
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
}

function suites(): Promise<number> {
  const env = { ...process.env, MURMUR_DESKTOP: `http://127.0.0.1:${port}`, MURMUR_DESKTOP_FOLDER: folder };
  const run = spawn("npm", ["run", "test:editor"], { cwd: root, env, stdio: "inherit" });
  return new Promise((resolve) => run.once("exit", (code) => resolve(code ?? 1)));
}

async function untilListening(at: number): Promise<void> {
  for (let tries = 0; tries < 240; tries++) {
    const answer = await fetch(`http://127.0.0.1:${at}/json/version`).catch(() => undefined);
    if (answer?.ok) return;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  throw new Error("VS Code did not open its debugging port within a minute.");
}
