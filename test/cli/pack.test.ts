import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Folder } from "../support/folder.ts";
import { json, main, murmur, murmurOnFullDisk, refuses } from "./support.ts";

const line = (i: number): string => `for (let i = 0; i < items${i}.length; i++) total += items${i}[i].price;\n`;

describe("murmur pack", function () {
  this.timeout(60_000);
  let folder: Folder;
  before(async () => {
    folder = await Folder.with({
      "src/a.js": line(1).repeat(90),
      "src/b.js": line(2).repeat(80),
      "src/copy.js": line(2).repeat(80),
      "src/c.js": `${line(3).repeat(70)}password = "${"correct"}-horse-9";\n`,
      "src/.gitignore": "out\n",
      "src/out/d.js": line(4),
      "measured/e.js": line(5).repeat(60),
    });
  });
  after(() => folder[Symbol.asyncDispose]());

  it("packs what train would choose: the same options give the same model from the packed corpus", async () => {
    const corpus = folder.join("packed");
    const small = ["--hidden", "8", "--batch", "2", "--window", "16", "--threads", "1", "--steps", "5"];
    for (const heldOut of ["0.2", folder.join("measured")]) {
      const choice = [folder.join("src"), "--exclude", "a.*", "--held-out", heldOut];
      const packed = await json("pack", ...choice, "--out", corpus);
      assert.deepEqual(packed["skipped"], { ignored: 1, excluded: 1, duplicate: 1, "secret line": 1 });
      assert.deepEqual(JSON.parse(await readFile(folder.join("packed/index.json"), "utf8")), {
        format: "murmur-corpus",
        version: 2,
        ...Object.fromEntries(["rules", "train", "heldOut", "hash"].map((key) => [key, packed[key]])),
      });
      const models = [];
      for (const text of [choice, ["--corpus", corpus]]) {
        const out = folder.join("m.onnx");
        const { trainChars, heldOut } = await json("train", ...text, ...small, "--out", out);
        const { weights, info } = decodeModelFile(await readFile(out), out);
        models.push({ weights, trainChars, heldOut, hash: info.training.corpusHash });
      }
      assert.deepEqual(models[1], models[0]);
    }
  });

  it("says what it left out and what it packed, and prints nothing on standard output without --json", async () => {
    const { code, out, err } = await murmur("pack", folder.join("src"), "--out", folder.join("said"));
    assert.equal(code, 0, err);
    assert.equal(out, "");
    assert.match(err, /^left out: 1 ignored, 1 duplicate, 1 line with a likely secret$/m);
    assert.match(
      err,
      /said: 4 texts with \d+ characters to train on, 4 texts with \d+ characters held out, in \d+ s$/m,
    );
  });

  refuses({
    "a missing path": [["pack", "--out", "x"], /missing required argument/],
    "a missing folder": [["pack", "."], /required option '--out <folder>' not specified/],
    "a share that is none": [["pack", ".", "--out", "x", "--held-out", "0"], /--held-out is 0; it must be a share/],
    "neither files nor a corpus to train on": [
      ["train", "--out", "m.onnx"],
      /nothing to learn from\. Name files .* --corpus FOLDER/,
    ],
    "files as well as a corpus to train on": [
      ["train", "a", "--corpus", "c", "--out", "m.onnx"],
      /--corpus is c, but paths are given too \(a\)/,
    ],
    "a corpus that is to be split again": [
      ["train", "--corpus", "c", "--held-out", "0.3", "--out", "m.onnx"],
      /'--corpus <folder>' cannot be used with option '--held-out/,
    ],
    "a corpus that files are to be left out of": [
      ["train", "--corpus", "c", "--exclude", "a", "--out", "m.onnx"],
      /'--corpus <folder>' cannot be used with option '--exclude/,
    ],
  });

  it("refuses to replace what it reads or what is not a packed corpus, and train to replace a part of one", async () => {
    const corpus = folder.join("kept");
    await json("pack", folder.join("src"), "--out", corpus);
    const refused = async (expected: number, message: RegExp, ...args: string[]): Promise<void> => {
      const { code, err } = await murmur(...args);
      assert.equal(code, expected, err);
      assert.match(err, message);
    };
    const pack = (path: string, out: string): string[] => ["pack", folder.join(path), "--out", folder.join(out)];
    await refused(
      2,
      /train\.bin, which is in it, is read for packing\. Choose another folder/,
      ...pack("kept/train.bin", "kept"),
    );
    await refused(
      2,
      /measured, but that is the held-out text/,
      ...pack("src", "measured"),
      "--held-out",
      folder.join("measured"),
    );
    await refused(1, /src\/out already exists and is not a packed corpus/, ...pack("src/a.js", "src/out"));
    await refused(1, /The folder that .*none\/packed would be in does not exist/, ...pack("src", "none/packed"));
    await refused(
      1,
      /There is no packed corpus .*none/,
      "train",
      "--corpus",
      folder.join("none"),
      "--out",
      folder.join("n.onnx"),
    );
    await refused(
      2,
      /that is a part of the packed corpus/,
      "train",
      "--corpus",
      corpus,
      "--out",
      folder.join("kept/train.bin"),
    );
  });

  it("keeps the earlier corpus, and leaves nothing beside it, if the disk is full", async () => {
    await using full = await Folder.with({ "src/a.js": line(1) });
    await json("pack", full.join("src"), "--out", full.join("packed"));
    const before = await readFile(full.join("packed/index.json"), "utf8");
    await full.write("src/b.js", line(6).repeat(9000));
    const { code, err } = await murmurOnFullDisk(300, "pack", full.join("src"), "--out", full.join("packed"));
    assert.equal(code, 1, err);
    assert.match(err, /packed can't be written \(EFBIG.*Free some space/);
    assert.equal(await readFile(full.join("packed/index.json"), "utf8"), before);
    assert.deepEqual((await readdir(full.path)).sort(), ["packed", "src"]);
  });

  describe("of much text", () => {
    let much: Folder;
    let out: string;
    before(async () => {
      const texts = Array.from({ length: 12 }, (_, i) => [`src/${i}.js`, line(i).repeat(9000)]);
      // Something is left out, so that there is a message before packing begins.
      much = await Folder.with({ ...Object.fromEntries(texts), "src/.env": "A=1" });
      out = much.join("packed");
    });
    after(() => much[Symbol.asyncDispose]());

    /** Starts to pack, and waits until there is something unfinished beside the place of the corpus. */
    async function begun(): Promise<ChildProcess> {
      const command = spawn(process.execPath, [main, "pack", much.join("src"), "--out", out], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      const isBegun = (name: string): boolean => name.startsWith("packed.") && !name.endsWith(".lock");
      while (!(await readdir(much.path)).some(isBegun)) await setTimeout(5);
      return command;
    }

    it("leaves nothing when it is cancelled, and says so", async () => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) {
        const command = await begun();
        let err = "";
        command.stderr!.on("data", (data: Buffer) => {
          err += data.toString();
        });
        command.kill(signal);
        const [code] = await once(command, "close");
        assert.equal(code, 1, err);
        assert.match(err, /^murmur: Packing was cancelled\. .*packed is as it was before\.$/m);
        assert.deepEqual(await readdir(much.path), ["src"]);
      }
    });

    it("is not packed twice at once into one folder; after a process that was killed, what it left is removed", async () => {
      const killed = await begun();
      // A process that has stopped still holds its lock.
      killed.kill("SIGSTOP");
      const { code, err } = await murmur("pack", much.join("src"), "--out", out);
      assert.equal(code, 1, err);
      assert.match(err, /Another run \(process \d+\) is writing to .*packed/);
      killed.kill("SIGKILL");
      await once(killed, "close");
      const left = await readdir(much.path);
      assert.ok(left.length > 1 && !left.includes("packed"), left.join());
      await json("pack", much.join("src"), "--out", out);
      assert.deepEqual((await readdir(much.path)).sort(), ["packed", "src"]);
    });

    it("is packed to the end when nobody reads the messages", async () => {
      const command = spawn(process.execPath, [main, "pack", much.join("src"), "--out", out], {
        stdio: ["ignore", "ignore", "pipe"],
      });
      command.stderr.destroy();
      const [code] = await once(command, "close");
      assert.equal(code, 0);
      assert.deepEqual((await readdir(much.path)).sort(), ["packed", "src"]);
    });
  });
});
