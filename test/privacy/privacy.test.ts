import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readdir, readFile, symlink } from "node:fs/promises";
import { join } from "node:path";
import { text as textOf } from "node:stream/consumers";
import { setTimeout } from "node:timers/promises";
import { installStrace } from "../../scripts/strace.ts";
import { Server } from "../server/support.ts";
import { buildInto } from "../support/bundles.ts";
import { Folder } from "../support/folder.ts";
import { readTrace, type Trace, traced } from "./trace.ts";

/** Each process lives for at least this long: the library's telemetry client connects some ten seconds after its start. */
const seconds = 32;

const javascript = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);
const python = "for item in items:\n    total += item.price\n".repeat(100);

/** Run before a command: keeps the process, and those that it forks, from ending early. */
const hold = `
const { ChildProcess } = require("node:child_process");
const end = Date.now() + ${seconds * 1000};
setTimeout(() => {}, ${seconds * 1000});
const { kill } = ChildProcess.prototype;
ChildProcess.prototype.kill = function (signal) {
  setTimeout(() => kill.call(this, signal), end - Date.now());
  return true;
};
`;

/** Run before a command: takes back what Murmur has set, right before the native library is loaded. */
const undo = `
const { dlopen } = process;
process.dlopen = (...args) => {
  delete process.env.ORT_DISABLE_TELEMETRY;
  return dlopen.apply(process, args);
};
`;

describe("nothing leaves the machine", function () {
  this.timeout(180_000);
  let folder: Folder;
  const traces = new Map<string, Trace>();

  /** The whole environment of what is watched: in that of a build server the library is silent. */
  const environment = (home: string): NodeJS.ProcessEnv => ({
    PATH: process.env["PATH"],
    HOME: folder.join(home),
    TMPDIR: folder.join(home, "tmp"),
  });

  const record = (name: string): string => folder.join("traces", name);

  async function traceOf(name: string, cwd: string): Promise<void> {
    traces.set(name, await readTrace(record(name), cwd));
  }

  /** Runs one of the programs as they ship in a folder of its own, out/NAME. */
  async function murmur(name: string, args: readonly string[], preloads = [hold], home = "home"): Promise<void> {
    const cwd = folder.join("out", name);
    await mkdir(cwd, { recursive: true });
    const required = await Promise.all(preloads.map((code, i) => folder.write(`preloads/${name}${i}.cjs`, code)));
    const node = [process.execPath, ...required.flatMap((path) => ["--require", path])];
    const [program, ...rest] = traced(record(name), [...node, folder.join("dist/murmur.js"), ...args]);
    const command = spawn(program, rest, { cwd, env: environment(home), stdio: ["ignore", "ignore", "pipe"] });
    const [err, code] = await Promise.all([textOf(command.stderr), once(command, "close")]);
    assert.deepEqual(code, [0, null], `${name}: ${err}`);
    await traceOf(name, cwd);
  }

  /** Runs a language server with an editor: a document is opened, typed in and completed, during a training run if one is wanted. */
  async function serve(name: string, program: readonly string[], withTraining: boolean): Promise<void> {
    const place = folder.join(name);
    await mkdir(place);
    const command = traced(record(name), [process.execPath, ...program, "--stdio"]);
    const files = { "a.js": javascript, "b.js": javascript.replaceAll("items", "orders") };
    const settings = { training: { minutes: seconds / 60 } };
    const started = Date.now();
    const server = await Server.start({ folder: place, files, settings, command, env: environment("home") });
    try {
      await server.open("c.js", javascript);
      const training = withTraining ? server.train() : undefined;
      for (let i = 0; Date.now() - started < seconds * 1000; i++) {
        await server.type("c.js", 180, i, "f");
        await server.complete("c.js", 180, i + 1);
        await setTimeout(500);
      }
      if (training) assert.match((await training).outcome, /installed|kept/);
    } finally {
      await server.dispose();
    }
    await traceOf(name, process.cwd());
  }

  before(async function () {
    if (process.platform !== "linux") this.skip();
    await installStrace();
    folder = await Folder.with({ "in/a.js": javascript, "in/b.py": python });
    for (const name of ["home/tmp", "other/tmp", "traces"]) await mkdir(folder.join(name), { recursive: true });
    await buildInto(folder);
    await symlink(join(import.meta.dirname, "../../node_modules"), folder.join("node_modules"));
    const input = folder.join("in");
    const small = ["--hidden", "16", "--batch", "4", "--window", "16", "--threads", "1"];
    await murmur(
      "classifier",
      ["train", input, ...small, "--steps", "0", "--shape", "many-to-one", "--out", "m.onnx"],
      [],
    );
    await Promise.all([
      serve("server", [folder.join("dist/server.js")], true),
      serve("lsp", [folder.join("dist/murmur.js"), "lsp"], false),
      murmur("train", ["train", input, ...small, "--minutes", `${seconds / 60}`, "--out", "m.onnx"]),
      murmur("generate", ["generate", "--length", "500"]),
      murmur("complete", ["complete", join(input, "a.js"), "--given", input]),
      murmur("classify", ["classify", input, "--model", folder.join("out/classifier/m.onnx")]),
      murmur("pack", ["pack", input, "--out", "packed"]),
      murmur("evaluate", ["evaluate", input, "--limit", "300", "--report", "report.html"]),
      murmur("simulate", ["simulate", input, "--limit", "100", "--report", "report.html"]),
      murmur("undone", ["generate", "--length", "500"], [hold, undo], "other"),
    ]);
  });
  after(() => folder?.[Symbol.asyncDispose]());

  for (const name of ["server", "lsp", "train", "pack", "generate", "complete", "classify", "evaluate", "simulate"]) {
    it(`${name}: opens no socket, and writes no file outside its results and storage`, () => {
      const { sockets, written, loads } = traces.get(name)!;
      assert.ok(loads >= ({ server: 2, pack: 0 }[name] ?? 1), "the library is loaded");
      assert.deepEqual(sockets, []);
      const own = [folder.join("out", name), folder.join(name, "storage")];
      assert.deepEqual(
        written.filter((path) => !own.some((place) => path.startsWith(place))),
        [],
      );
    });
  }

  it("nothing is left in the home folder or among temporary files", async () => {
    assert.deepEqual((await readdir(folder.join("home"), { recursive: true })).sort(), ["tmp"]);
  });

  it("the programs import nothing that connects to another machine", async () => {
    const names = (await readdir(folder.join("dist"))).filter((name) => name.endsWith(".js"));
    assert.ok(names.includes("extension.js"));
    for (const name of names) {
      const code = await readFile(folder.join("dist", name), "utf8");
      // "net" is for the pipes that a language client and its server may talk over.
      assert.deepEqual(code.match(/require\("(node:)?(https?|http2|tls|dgram|dns|undici|ws)"\)/g), null, name);
    }
  });

  it("the test detects a breach: without Murmur's environment variable, the library writes files and connects", () => {
    const { sockets, written } = traces.get("undone")!;
    assert.ok(
      sockets.some((call) => /^socket\(AF_INET6?, /.test(call)),
      sockets.join("\n"),
    );
    assert.ok(
      written.some((path) => path.startsWith(folder.join("other/.cache/Microsoft/DeveloperTools"))),
      written.join("\n"),
    );
  });
});
