import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { cp, glob, readFile } from "node:fs/promises";
import { join } from "node:path";
import { Server } from "../server/support.ts";
import { buildInto } from "../support/bundles.ts";
import { Folder } from "../support/folder.ts";

const root = join(import.meta.dirname, "../..");
const door = "src/model/onnx-runtime.ts";

describe("ONNX Runtime", function () {
  this.timeout(60_000);

  it("is loaded through one file alone, which switches its telemetry client off first", async () => {
    const importing: string[] = [];
    for await (const path of glob("{src,scripts,bench,test}/**/*.{ts,js,mjs,cjs}", { cwd: root })) {
      const text = await readFile(join(root, path), "utf8");
      if (/^(?!import type ).*(?:from|import|require)\W.*["']onnxruntime-(?:node|common)/m.test(text))
        importing.push(path);
    }
    assert.deepEqual(importing, [door]);
    const text = await readFile(join(root, door), "utf8");
    const [set, loaded] = [
      text.indexOf('process.env["ORT_DISABLE_TELEMETRY"] = "1"'),
      text.indexOf(')("onnxruntime-node")'),
    ];
    assert.ok(0 < set && set < loaded);
  });

  describe("whose library can't be loaded here", () => {
    let folder: Folder;
    let murmurPath: string;

    before(async () => {
      folder = await Folder.with({ "a.js": "let a = 1;\n".repeat(200) });
      murmurPath = join(await buildInto(folder), "murmur.js");
      // As of an installation for another system: the binding is there, and the library that it is linked with is not.
      await cp(join(root, "node_modules/onnxruntime-common"), folder.join("node_modules/onnxruntime-common"), {
        recursive: true,
      });
      await cp(join(root, "node_modules/onnxruntime-node"), folder.join("node_modules/onnxruntime-node"), {
        recursive: true,
        filter: (path) => !/libonnxruntime|onnxruntime\.dll/.test(path),
      });
    });
    after(() => folder[Symbol.asyncDispose]());

    const murmur = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
      new Promise((resolve) => {
        execFile(process.execPath, [murmurPath, ...args], (error, out, err) => {
          resolve({ code: error ? Number(error.code) : 0, out, err });
        });
      });
    const message =
      /ONNX Runtime's native library \(onnxruntime-node\).*can't be loaded on \w+-\w+.*: use Linux with glibc 2\.28 or later .*install the version of Murmur for that system again\./;

    it("leaves help, the version and wrong usage as they are", async () => {
      for (const command of [[], ["train"], ["generate"], ["evaluate"], ["complete"], ["classify"], ["lsp"]]) {
        const { code, out, err } = await murmur(...command, "--help");
        assert.equal(code, 0, err);
        assert.match(out, /^Usage: murmur/);
      }
      const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
      assert.deepEqual(await murmur("--version"), { code: 0, out: `${version}\n`, err: "" });
      const { code, err } = await murmur("generate", "--temperature", "3");
      assert.equal(code, 2);
      assert.match(err, /it must be a number from 0 to 2/);
    });

    it("is not needed by the local model alone", async () => {
      for (const command of ["evaluate", "simulate"]) {
        const report = folder.join(`${command}.html`);
        const { code, out, err } = await murmur(
          ...[command, folder.join("a.js"), "--sources", "local", "--limit", "300", "--json", "--report", report],
        );
        assert.equal(code, 0, err);
        const { chars } = JSON.parse(out) as { chars: number };
        assert.equal(chars, 300);
        assert.match(await readFile(report, "utf8"), /predicted by the local model; nothing read before/);
      }
    });

    it("is named in one sentence by what needs it, with this system and what to do", async () => {
      const fresh = ["--init", "none", "--hidden", "8"];
      const train = ["train", folder.join("a.js"), "--steps", "0", ...fresh, "--out", folder.join("m.onnx")];
      for (const args of [["generate"], ["evaluate", folder.join("a.js")], ["complete", folder.join("a.js")], train]) {
        const { code, out, err } = await murmur(...args);
        assert.equal(code, 1, err);
        assert.equal(out, "");
        const lines = err.trimEnd().split("\n");
        assert.equal(lines.length, 1, err);
        assert.match(lines[0]!, message);
      }
    });

    it("is named by the server in a message, once, and the local model completes alone", async () => {
      const stored = { "model.onnx": await readFile(join(root, "models/default.onnx")) };
      const server = await Server.start({ command: [process.execPath, murmurPath, "lsp", "--stdio"], stored });
      await server.until(() => server.messages.length > 0, "a message");
      assert.equal(server.messages.length, 1, server.messages.join("\n"));
      assert.match(server.messages[0]!, message);
      assert.match(JSON.stringify(server.status), /"ready".*text of this workspace alone/);
      await server.dispose();
    });
  });
});
