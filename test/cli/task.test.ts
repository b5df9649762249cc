import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Folder } from "../support/folder.ts";
import { json, murmur, refuses } from "./support.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(20);

describe("the task of murmur train", () => {
  for (const option of ["--task", "--shape"]) {
    it(`can be given as ${option}`, async () => {
      await using folder = await Folder.with({ "src/a.js": text });
      const out = folder.join("m.onnx");
      await json("train", folder.join("src"), option, "one-to-many", "--steps", "0", "--hidden", "8", "--out", out);
      assert.equal(decodeModelFile(await readFile(out), out).info.architecture.task, "one-to-many");
    });
  }

  it("accepts the former name of --task, which the help marks as deprecated", async () => {
    const { out } = await murmur("train", "--help");
    assert.match(
      out.replace(/\s+/g, " "),
      /--shape <name> deprecated alias of --task, to be removed in the next version/,
    );
  });

  refuses({
    "a task that there is not": [
      ["train", "src", "--task", "many-to-few", "--out", "m.onnx"],
      /--task <name>' argument 'many-to-few' is invalid\. Allowed choices are many-to-many, one-to-many/,
    ],
    "a task under both names": [
      ["train", "src", "--task", "many-to-one", "--shape", "many-to-many", "--out", "m.onnx"],
      /'--shape <name>' cannot be used with option '--task <name>'/,
    ],
  });
});
