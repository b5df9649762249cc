import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { text as textOf } from "node:stream/consumers";
import { Folder } from "../support/folder.ts";
import { main } from "./support.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);

describe("murmur train, when its files vanish", function () {
  this.timeout(120_000);

  it("writes its best model, and says why it stops in its messages and its JSON", async () => {
    await using folder = await Folder.with({ "src/a.js": text });
    const size = ["--epochs", "36", "--patience", "12", "--hidden", "24", "--batch", "4", "--window", "16"];
    const args = ["train", folder.join("src"), ...size, "--threads", "1", "--out", folder.join("m.onnx"), "--json"];
    const run = spawn(process.execPath, [main, ...args], { stdio: ["ignore", "pipe", "pipe"] });
    let err = "";
    run.stderr.on("data", (data: Buffer) => {
      err += data.toString();
      if (/^step [1-9]\d*:/m.test(err)) void rm(folder.join("src"), { recursive: true, force: true });
    });
    const [out, [code]] = await Promise.all([textOf(run.stdout), once(run, "exit")]);
    assert.equal(code, 0, err);
    assert.match(err, /^step \d+: training stops: There is no text left .*\nThe best model so far is still written\./m);
    const result = JSON.parse(out) as {
      stopped: string;
      heldOut: { bitsPerChar: number };
      before: { bitsPerChar: number };
    };
    assert.match(result.stopped, /no text left to learn from/);
    assert.ok(result.heldOut.bitsPerChar < result.before.bitsPerChar);
  });
});
