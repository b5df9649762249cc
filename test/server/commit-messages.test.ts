import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { Git } from "../support/git.ts";
import { Server, type ServerOptions } from "./support.ts";

const subjects = Array.from({ length: 12 }, (_, i) => `Refine the quadrature of panel ${i}`);

describe("the box for a commit message", function () {
  this.timeout(60_000);
  let git: Git;
  let folder: string;
  let server: Server | undefined;
  let version = 1;

  beforeEach(async () => {
    git = await Git.start();
    folder = await mkdtemp(join(tmpdir(), "murmur-server-"));
    await mkdir(join(folder, "workspace"));
    run("init", "--quiet", "--initial-branch=main");
    run("config", "user.name", "Somebody");
    run("config", "user.email", "somebody@example.org");
    for (const subject of subjects) commit(subject);
  });
  afterEach(async () => {
    await server?.dispose();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
    await git[Symbol.asyncDispose]();
  });

  const run = (...args: readonly string[]): string => git.run(join(folder, "workspace"), ...args);
  const commit = (subject: string): string => run("commit", "--quiet", "--allow-empty", "--message", subject);
  /** As VS Code names the box. */
  const box = (): string => {
    const root = pathToFileURL(join(folder, "workspace")).href;
    return `vscode-scm:git/scm0/input?${encodeURIComponent(`rootUri=${encodeURIComponent(root)}`)}`;
  };

  /** Starts the server and opens the box. */
  async function open(text: string, options: ServerOptions = {}): Promise<Server> {
    const started = await Server.start({ folder, ...options });
    server = started;
    version = 1;
    await started.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri: box(), languageId: "scminput", version, text },
    });
    return started;
  }

  async function change({ connection }: Server, text: string): Promise<void> {
    await connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: box(), version: ++version },
      contentChanges: [{ text }],
    });
  }

  async function suggested({ connection }: Server, character: number): Promise<string> {
    const items: { insertText: string }[] = await connection.sendRequest("textDocument/inlineCompletion", {
      textDocument: { uri: box() },
      position: { line: 0, character },
      context: { triggerKind: 1 },
    });
    return items[0]?.insertText ?? "";
  }

  /** A repository is examined at most once in a second while somebody types. */
  const afterRest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1100));

  const knows = ({ log }: Server, count: number): boolean =>
    log.filter((line) => line.startsWith("knows the last commits")).length >= count;

  it("is completed from the subjects of the last commits, and from those that were made since", async () => {
    const started = await open("Refine the q");
    await started.until(() => knows(started, 1), "the commits to be read");
    assert.match(await suggested(started, 12), /^uadrature of panel/);
    commit("Replace the hyperbolic stencil");
    await afterRest();
    await change(started, "");
    await started.until(() => knows(started, 2), "the commits to be read again");
    await change(started, "Replace the h");
    assert.match(await suggested(started, 13), /^yperbolic/);
    assert.deepEqual(started.errors, []);
  });

  it("knows the names of the staged files, except those that may hold secrets", async () => {
    const stage = async (name: string): Promise<void> => {
      await writeFile(join(folder, "workspace", name), "");
      run("add", "--force", name);
    };
    await stage(".env.inline-requests");
    const started = await open("Fix inline-req");
    await started.until(() => knows(started, 1), "the commits to be read");
    assert.doesNotMatch(await suggested(started, 14), /^uests/);
    await stage("inline-requests.ts");
    await afterRest();
    await change(started, "Fix inline-re");
    await started.until(() => knows(started, 2), "the staged file to be known");
    await change(started, "Fix inline-req");
    assert.match(await suggested(started, 14), /^uests/);
  });

  it("is not completed where that is switched off, and what was read of the commits is forgotten until it is on again", async () => {
    const started = await open("Refine the q");
    await started.until(() => knows(started, 1), "the commits to be read");
    await started.configure({ commitMessages: false });
    const isForgotten = (): boolean => started.log.some((line) => line.startsWith("has forgotten the commits"));
    await started.until(isForgotten, "the commits to be forgotten");
    assert.equal(await suggested(started, 12), "");
    await started.configure({ commitMessages: true });
    await started.until(() => knows(started, 2), "the commits to be read again");
    assert.match(await suggested(started, 12), /^uadrature of panel/);
  });

  it("is completed without the commits where the workspace is not trusted, and where Git is missing", async () => {
    const without = { ...process.env, PATH: join(folder, "nothing") };
    for (const options of [{ options: { isTrusted: false } }, { env: without }]) {
      const started = await open("Refine the q", options);
      await started.until(() => started.log.some((line) => line.startsWith("Completing with")), "the model");
      await new Promise((resolve) => setTimeout(resolve, 500));
      assert.doesNotMatch(await suggested(started, 12), /^uadrature/);
      assert.equal(knows(started, 1), false);
      assert.deepEqual(started.errors, []);
      await started.stop();
    }
  });
});
