import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Installation } from "./install.ts";

/** A running VS Code server with Murmur installed in it. */
export interface Editor extends AsyncDisposable {
  /** The address of the workbench, connection token included. @param place a folder, or the file of a workspace, by its path or URI; null: none */
  url(place: string | null): string;
  /** The folder of the server's own data, including its logs. */
  readonly data: string;
  /** Resolves when the server has ended. */
  readonly ended: Promise<void>;
}

/** The editor's default settings, except what would get in the way of typing. */
const settings = {
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "security.workspace.trust.enabled": false,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "chat.disableAIFeatures": true,
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "update.mode": "none",
  "git.openRepositoryInParentFolders": "never",
  "typescript.surveys.enabled": false,
  "files.autoSave": "off",
  // A picture shows messages and lists whole, not as they appear.
  "workbench.reduceMotion": "on",
};

/** Keys for commands of the editor's own that have none. */
const keys = [{ key: "ctrl+alt+enter", command: "editor.action.inlineSuggest.acceptNextLine" }];

/** A new folder is not trusted, and no dialog asks. In a browser that has to be switched on. */
const restricted = { "security.workspace.trust.enabled": true, "security.workspace.trust.startupPrompt": "never" };
const trusting = { "security.workspace.trust.enabled": false };

const secondsToStart = 60;

export interface EditorOptions {
  /** Whether a new folder is not trusted. */
  readonly isRestricted?: boolean;
  /** VSIX files of extensions that are installed too. */
  readonly others?: readonly string[];
}

/**
 * Installs a VSIX into a fresh VS Code server and starts it on the loopback interface.
 * @throws Error with the server's output if it can't be installed or does not start
 */
export async function startEditor(
  installation: Installation,
  vsix: string,
  { isRestricted = false, others = [] }: EditorOptions = {},
): Promise<Editor> {
  const data = await mkdtemp(join(tmpdir(), "murmur-editor-"));
  const folders = ["--server-data-dir", join(data, "data"), "--extensions-dir", join(data, "extensions")];
  const trust = isRestricted ? restricted : trusting;
  for (const scope of ["Machine", "User"]) {
    await mkdir(join(data, "data/data", scope), { recursive: true });
    await writeFile(
      join(data, "data/data", scope, "settings.json"),
      JSON.stringify({ ...settings, ...trust }, undefined, 2),
    );
  }
  await writeFile(join(data, "data/data/User/keybindings.json"), JSON.stringify(keys));
  const common = ["--accept-server-license-terms", "--telemetry-level", "off", ...folders];
  try {
    const installed = [vsix, ...others].flatMap((path) => ["--install-extension", path]);
    await promisify(execFile)(process.execPath, [installation.server, ...common, ...installed]);
  } catch (cause) {
    await rm(data, { recursive: true, force: true });
    throw new Error(`VS Code could not install ${vsix}: ${String(cause)}`, { cause });
  }
  const port = await freePort();
  const token = randomBytes(16).toString("hex");
  const server = spawn(
    process.execPath,
    [
      installation.server,
      ...common,
      "--host",
      "127.0.0.1",
      "--port",
      String(port),
      "--connection-token",
      token,
      ...(isRestricted ? [] : ["--disable-workspace-trust"]),
    ],
    { stdio: ["ignore", "pipe", "pipe"], detached: true },
  );
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  const stop = (): void => killGroup(server);
  process.once("exit", stop);
  const dispose = async (): Promise<void> => {
    process.off("exit", stop);
    stop();
    await ended;
    await rm(data, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await untilReady(server);
  } catch (error) {
    await dispose();
    throw error;
  }
  return {
    url: (place) => {
      const kind = place?.endsWith(".code-workspace") ? "workspace" : "folder";
      const opened = place === null ? "ew=true" : `${kind}=${encodeURIComponent(place)}`;
      return `http://127.0.0.1:${port}/?tkn=${token}&${opened}`;
    },
    data,
    ended,
    [Symbol.asyncDispose]: dispose,
  };
}

/** The server forks extension hosts, which fork more; all are one process group. */
function killGroup(server: ChildProcess): void {
  if (server.pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
  try {
    process.kill(-server.pid, "SIGKILL");
  } catch {
    // It has already ended.
  }
}

async function untilReady(server: ChildProcess): Promise<void> {
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const fail = (why: string): void => reject(new Error(`The VS Code server ${why}. It said:\n${output}`));
    const timeout = setTimeout(() => fail(`was not ready after ${secondsToStart} s`), secondsToStart * 1000);
    const read = (chunk: Buffer): void => {
      output = (output + chunk.toString()).slice(-10_000);
      if (!output.includes("Extension host agent listening")) return;
      clearTimeout(timeout);
      resolve();
    };
    server.stdout?.on("data", read);
    server.stderr?.on("data", read);
    server.once("exit", (code) => fail(`ended with code ${code}`));
  });
}

/** A free port of the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string")
    throw new Error("There is no free port on the loopback interface.");
  return address.port;
}
