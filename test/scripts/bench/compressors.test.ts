import assert from "node:assert/strict";
import { readdir } from "node:fs/promises";
import { compressionTable } from "../../../bench/completion/compression.ts";
import {
  bitsOf,
  type Compressor,
  compressedSize,
  compressors,
  compressWorkspace,
  isInstalled,
} from "../../../bench/completion/compressors.ts";
import { Folder } from "../../support/folder.ts";

const xz = compressors.find((compressor) => compressor.program === "xz") ?? assert.fail();
/** Compresses nothing: a byte costs eight bits. */
const copy: Compressor = { name: "copy", program: "cat", args: [], input: "stdin", install: "it is there" };
const copyFile: Compressor = { ...copy, program: "cp", args: ["text", "archive"], input: "file" };

const code = Array.from({ length: 60 }, (_, i) => `const value${i} = compute${(i * 37) % 11}(${i * i});\n`).join("");
const files = (...texts: string[]): { name: string; text: string }[] =>
  texts.map((text, i) => ({ name: `${i}`, text }));

describe("bits per character of a compressor", () => {
  it("are the bits that each file adds to the given text, divided by the characters of all files", () => {
    const sizes = {
      given: 1000,
      empty: 50,
      files: [
        { behindGiven: 1010, alone: 80, chars: 40 },
        { behindGiven: 1060, alone: 130, chars: 120 },
      ],
    };
    assert.deepEqual(bitsOf(sizes), { given: (8 * 70) / 160, alone: (8 * 110) / 160 });
  });

  it("are eight without compression, through a pipe and through a file", async () => {
    await using folder = await Folder.with();
    const workspace = { given: files("abc"), heldOut: files("defg", "hi") };
    for (const compressor of [copy, copyFile]) {
      assert.deepEqual(await compressWorkspace(compressor, workspace, folder.path), { given: 8, alone: 8 });
    }
  });

  it("count characters, not bytes", async () => {
    await using folder = await Folder.with();
    const workspace = { given: files(""), heldOut: files("éé") };
    assert.deepEqual(await compressWorkspace(copy, workspace, folder.path), { given: 16, alone: 16 });
  });

  it("are few for a file that the given text contains, and not reduced for one held-out file by another", async () => {
    await using folder = await Folder.with();
    const known = await compressWorkspace(xz, { given: files(code), heldOut: files(code) }, folder.path);
    assert.ok(known.given < 0.2 && known.given < known.alone / 5, JSON.stringify(known));
    const one = await compressWorkspace(xz, { given: files("x\n"), heldOut: files(code) }, folder.path);
    const twice = await compressWorkspace(xz, { given: files("x\n"), heldOut: files(code, code) }, folder.path);
    assert.deepEqual(twice, one);
  });
});

describe("sizes of compressed texts", () => {
  it("are cached by the text and the command", async () => {
    await using folder = await Folder.with();
    const workspace = { given: files(code), heldOut: files("one", "two") };
    const first = await compressWorkspace(xz, workspace, folder.path);
    const kept = await readdir(folder.path);
    assert.equal(kept.length, 6);
    const broken = { ...xz, install: "not needed any more" };
    const path = process.env["PATH"];
    try {
      process.env["PATH"] = "";
      assert.deepEqual(await compressWorkspace(broken, workspace, folder.path), first);
    } finally {
      process.env["PATH"] = path;
    }
    await compressWorkspace({ ...xz, args: ["-1"] }, workspace, folder.path);
    assert.equal((await readdir(folder.path)).length, 12);
  });

  it("are not invented if the program fails", async () => {
    const failing: Compressor = { ...xz, args: ["--no-such-option"] };
    await assert.rejects(compressedSize(failing, Buffer.from(code)), /xz failed with 1.*no-such-option/s);
  });
});

describe("a compressor", () => {
  it("is detected if it is installed", async () => {
    assert.equal(await isInstalled(xz), true);
    assert.equal(await isInstalled({ program: "no-such-program" }), false);
  });
});

describe("the table of compressors", () => {
  it("has a row for each workspace and their mean", () => {
    const result = (name: string, given: number, alone: number) =>
      ({
        name,
        language: "go",
        given: files("abc"),
        heldOut: files("d"),
        bits: new Map([[xz, { given, alone }]]),
      }) as const;
    assert.deepEqual(compressionTable([result("a", 1, 2), result("b", 2, 4)]).split("\n"), [
      "| workspace | characters given / held out | xz -9e |",
      "| --- | --- | --- |",
      "| a (go) | 3 / 1 in 1 files | 1.000 / 2.000 |",
      "| b (go) | 3 / 1 in 1 files | 2.000 / 4.000 |",
      "| mean |  | 1.500 / 3.000 |",
    ]);
  });
});
