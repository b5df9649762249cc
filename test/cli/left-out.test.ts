import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import iconv from "iconv-lite";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";
import { json, main, murmur } from "./support.ts";

const text = "// Prüft die Größe\nfunction prüfe(größe) {\n  return größe > 7;\n}\n".repeat(20);
/** Others, as long, so that none is a copy. */
const [second, third, fourth] = ["früge", "grüne", "hülle"].map((name) => text.replaceAll("prüfe", name)) as [
  string,
  string,
  string,
];

describe("the command line", function () {
  this.timeout(60_000);
  let folder: Folder;
  let model: string;
  before(async () => {
    const notebook = { cells: [{ cell_type: "code", source: second, outputs: [] }], nbformat: 4 };
    folder = await Folder.with({
      "src/latin1.js": iconv.encode(text, "iso-8859-1"),
      "src/wide.js": iconv.encode(third, "utf-16-le"),
      "src/plain.js": `${fourth}password = "${"correct"}-horse-9";\n`,
      "src/note.ipynb": JSON.stringify(notebook),
      "src/broken.ipynb": "{",
      "src/prod.env": text,
      "src/image.png": new Uint8Array(500),
    });
    model = await folder.write("tiny.onnx", tinyModelFile().bytes);
  });
  after(() => folder[Symbol.asyncDispose]());

  const skipped = { "broken notebook": 1, secret: 1, binary: 1, "secret line": 1 };
  const said = /^left out: (1 broken notebook|1 secret|1 binary|, )+, 1 line with a likely secret$/m;

  it("reads notebooks and files in other encodings as text, and says what it left out", async () => {
    const args = ["evaluate", folder.join("src"), "--model", model, "--sources", "local"];
    const { code, out, err } = await murmur(...args, "--json");
    assert.equal(code, 0, err);
    const result = JSON.parse(out) as { files: { file: string; chars: number }[]; skipped: object };
    assert.deepEqual(
      result.files.map(({ file, chars }) => [file, chars]),
      ["latin1.js", "note.ipynb", "plain.js", "wide.js"].map((name) => [name, text.length]),
    );
    assert.deepEqual(result.skipped, skipped);
    assert.match(err, said);
  });

  it("says what it left out of training", async () => {
    const args = ["train", folder.join("src"), "--out", folder.join("out.onnx"), "--steps", "1", "--hidden", "4"];
    const { code, out, err } = await murmur(...args, "--window", "16", "--batch", "2", "--json");
    assert.equal(code, 0, err);
    assert.deepEqual(JSON.parse(out).skipped, skipped);
    assert.match(err, said);
  });

  it("completes a file in another encoding, and refuses a file that is not text", async () => {
    const given = ["--given", folder.join("src"), "--model", model];
    const result = await json("complete", folder.join("src/latin1.js"), "--line", "1", "--column", "6", ...given);
    assert.deepEqual(result["skipped"], skipped);
    for (const [name, why] of Object.entries({
      "image.png": "is not a text file",
      "broken.ipynb": "is a broken notebook",
    })) {
      const { code, err } = await murmur("complete", folder.join("src", name));
      assert.equal(code, 1);
      assert.ok(err.includes(`${name} ${why}`), err);
    }
  });

  it("refuses to complete what is not a file, and does not wait for it", async function () {
    if (process.platform === "win32") this.skip();
    await promisify(execFile)("mkfifo", [folder.join("pipe.js")]);
    const completing = promisify(execFile)(process.execPath, [main, "complete", folder.join("pipe.js")], {
      timeout: 20_000,
    });
    await assert.rejects(completing, ({ code, stderr }: { code: unknown; stderr: string }) => {
      assert.equal(code, 1);
      assert.match(stderr, /pipe\.js can't be read \(it is not a file\)/);
      return true;
    });
  });
});
