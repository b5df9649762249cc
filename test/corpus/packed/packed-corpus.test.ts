import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdir, readFile, rm, symlink, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { type Corpus, hashOf } from "../../../src/corpus/corpus.ts";
import { loadCorpus } from "../../../src/corpus/load-corpus.ts";
import { packCorpus } from "../../../src/corpus/packed/pack-corpus.ts";
import { readPackedCorpus } from "../../../src/corpus/packed/packed-corpus.ts";
import type { PackedIndex } from "../../../src/corpus/packed/packed-index.ts";
import { partOf, type TextSource, textOf, textSource } from "../../../src/corpus/text-source.ts";
import { Folder } from "../../support/folder.ts";

const line = (i: number): string => `export const größe${i} = "漢😀${i}";\n`;

/** Files of which no two are alike, in several encodings; one is all secrets, one is longer than what is read at once. */
const files: Readonly<Record<string, string | Uint8Array>> = {
  ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`src/file${i}.ts`, line(i).repeat(20 + i)])),
  "windows.py": `\uFEFFx = 1\r\n${"y = 2\r\n".repeat(30)}`,
  "wide.js": Buffer.from(`\uFEFF${line(99).repeat(9)}`, "utf16le"),
  "settings.txt": `password = "${"correct"}-horse-9"\n`,
  "long.md": `# 😀\n${"é漢😀 ".repeat(30)}\n`.repeat(900),
  "notes/Über uns": line(7),
};

describe("a packed corpus", function () {
  this.timeout(20_000);

  async function pack(corpus: Corpus, folder: string): Promise<PackedIndex> {
    for await (const event of packCorpus(corpus, folder)) if (event.kind === "done") return event.index;
    assert.fail("packing ends with its index");
  }

  const load = (...paths: string[]): Promise<Corpus> => loadCorpus({ paths, exclude: [], heldOut: 0.2 });

  function assertSame(packed: readonly TextSource[], sources: readonly TextSource[]): void {
    const described = ({ name, chars, hash, sketch }: TextSource): object => ({ name, chars, hash, sketch });
    assert.deepEqual(packed.map(described), sources.map(described));
    for (const [i, source] of sources.entries()) {
      assert.equal(textOf(packed[i]!), textOf(source));
      assert.deepEqual([...packed[i]!.pieces(1001)], [...source.pieces(1001)]);
      const [from, to] = [Math.floor(source.chars / 3), Math.floor(source.chars / 2)];
      assert.equal(textOf(partOf(packed[i]!, from, to)), textOf(partOf(source, from, to)));
    }
  }

  it("has the texts of the files, in the same order, with the same names, lengths, hashes and pieces", async () => {
    await using folder = await Folder.with(files);
    const corpus = await load(folder.path);
    assert.ok(corpus.heldOut.length > 1 && [...corpus.train, ...corpus.heldOut].some(({ chars }) => chars === 0));
    await pack(corpus, folder.join("packed"));
    const packed = await readPackedCorpus(folder.join("packed"));
    assertSame(packed.train, corpus.train);
    assertSame(packed.heldOut, corpus.heldOut);
    assert.equal(hashOf(packed.train), hashOf(corpus.train));
  });

  it("has the parts of the files where a part of each is held out, even if a cut would split a character", async () => {
    for (const start of ["", "x"]) {
      await using folder = await Folder.with({
        "a.txt": start + `${"😀".repeat(53)}\n`.repeat(21),
        "b.txt": start + "😀\n".repeat(500),
      });
      const corpus = await load(folder.path);
      assert.deepEqual(
        [...corpus.train, ...corpus.heldOut].map(({ name }) => name),
        ["a.txt", "b.txt", "a.txt", "b.txt"],
      );
      await pack(corpus, folder.join("packed"));
      const packed = await readPackedCorpus(folder.join("packed"));
      assertSame(packed.train, corpus.train);
      assertSame(packed.heldOut, corpus.heldOut);
    }
  });

  it("is the same bytes each time, wherever the files are and in whatever order their folder lists them", async () => {
    await using first = await Folder.with(files);
    await using second = await Folder.with(Object.fromEntries(Object.entries(files).reverse()));
    await pack(await load(first.path), first.join("packed"));
    await pack(await load(second.path), second.join("packed"));
    const names = (await readdir(first.join("packed"))).sort();
    assert.deepEqual(names, [".gitignore", "held-out.bin", "held-out.jsonl", "index.json", "train.bin", "train.jsonl"]);
    for (const name of names) {
      const [one, other] = [await readFile(first.join("packed", name)), await readFile(second.join("packed", name))];
      assert.ok(one.equals(other), name);
    }
  });

  it("is what its format says: lists of slices that follow one another, with hashes that anyone can check", async () => {
    await using folder = await Folder.with(files);
    const index = await pack(await load(folder.path), folder.join("packed"));
    assert.deepEqual(JSON.parse(await readFile(folder.join("packed/index.json"), "utf8")), index);
    const sha256 = (data: string | Uint8Array): string => createHash("sha256").update(data).digest("hex");
    const hashed: string[] = [];
    for (const [side, name] of [
      ["train", "train"],
      ["heldOut", "held-out"],
    ] as const) {
      const bytes = await readFile(folder.join(`packed/${name}.bin`));
      const list = await readFile(folder.join(`packed/${name}.jsonl`), "utf8");
      const texts = list
        .trimEnd()
        .split("\n")
        .map((one) => JSON.parse(one));
      let at = 0;
      for (const { hash, offset, length, chars, name, language } of texts) {
        assert.equal(offset, at);
        const slice = bytes.subarray(at, at + length);
        assert.equal(sha256(slice), hash);
        assert.equal(slice.toString().length, chars);
        assert.equal(
          language,
          { ts: "typescript", py: "python", js: "javascript", txt: "prose", md: "markdown" }[
            String(name).split(".")[1] ?? ""
          ] ?? null,
        );
        at += length;
      }
      const chars = texts.reduce((sum, text) => sum + text.chars, 0);
      assert.deepEqual(index[side], { texts: texts.length, bytes: bytes.length, chars });
      hashed.push(texts.map(({ name, hash }) => `${name}\0${hash}\0`).join(""));
    }
    assert.equal(sha256(hashed.join("\n")), index.hash);
  });

  it("replaces an earlier one or an empty folder, and nothing else, through a link too", async () => {
    await using folder = await Folder.with({ "src/a.txt": line(1).repeat(50), "mine/index.json": "{}" });
    const corpus = await load(folder.join("src"));
    await pack(corpus, folder.join("deep"));
    await symlink("deep", folder.join("link"));
    await folder.write("src/a.txt", line(2).repeat(50));
    const { hash } = await pack(await load(folder.join("src")), folder.join("link"));
    assert.equal(JSON.parse(await readFile(folder.join("deep/index.json"), "utf8")).hash, hash);
    await symlink("nowhere", folder.join("dangling"));
    const refused = /is not a packed corpus, or holds other files too, so it is not replaced\. Choose another/;
    for (const other of ["mine", "src", "src/a.txt", "dangling"])
      await assert.rejects(pack(corpus, folder.join(other)), refused);
    await folder.write("deep/notes.txt", "mine");
    await assert.rejects(pack(corpus, folder.join("deep")), refused);
    assert.deepEqual((await readdir(folder.path)).sort(), ["dangling", "deep", "link", "mine", "src"]);
  });

  it("is not there, and nothing is beside it, if whoever packs it stops or a file changes meanwhile", async () => {
    await using folder = await Folder.with(files);
    const corpus = await load(folder.path);
    for await (const event of packCorpus(corpus, folder.join("packed"))) {
      assert.equal(event.kind, "progress");
      break;
    }
    const before = await readdir(folder.path);
    await folder.write("src/file3.ts", line(1003));
    await assert.rejects(
      pack(corpus, folder.join("packed")),
      /file3\.ts was changed or deleted while it was being packed/,
    );
    assert.deepEqual(await readdir(folder.path), before);
    assert.ok(!before.some((name) => name.startsWith("packed")));
  });

  it("is not text of the folder that it is in", async () => {
    await using folder = await Folder.with({ "a.txt": line(1).repeat(50), "b.txt": line(2).repeat(50) });
    const corpus = await load(folder.path);
    await pack(corpus, folder.join("packed"));
    assert.equal(hashOf((await load(folder.path)).train), hashOf(corpus.train));
  });

  const edited = (from: RegExp | string, to: string) => (text: string) => {
    assert.notEqual(text.replace(from, to), text);
    return text.replace(from, to);
  };
  const again = /Pack the files again with "murmur pack"\.$/;
  /** What happens to which file, and what the message then says. */
  const damages: Readonly<Record<string, readonly [name: string, edit: (text: string) => string, says: RegExp]>> = {
    "an index that is not JSON": [
      "index.json",
      (text) => text.slice(0, 50),
      /index\.json is not valid: it is not JSON/,
    ],
    "an index without totals": ["index.json", edited('"bytes"', '"octets"'), /index\.json is not valid: .*bytes/],
    "another version of the format": [
      "index.json",
      edited('"version": 2', '"version": 1'),
      /has format version 1; this Murmur has version 2/,
    ],
    "another version of the rules": [
      "index.json",
      edited(/"rules": \d+/, '"rules": 999'),
      /version 999 of the rules by which files are chosen; this Murmur has version \d+/,
    ],
    "another hash": [
      "index.json",
      edited(/"hash": ".{5}/, '"hash": "00000'),
      /names and hashes in its lists are not those/,
    ],
    "a total that is off": [
      "index.json",
      edited(/"texts": \d+/, '"texts": 3'),
      /train\.jsonl lists \d+ texts and should list 3/,
    ],
    "a list without its last line": [
      "train.jsonl",
      edited(/.*\n$/, ""),
      /train\.jsonl lists \d+ texts and should list \d+/,
    ],
    "a line cut short": ["held-out.jsonl", (text) => text.slice(0, 40), /line 1 of held-out\.jsonl is not valid/],
    "a line of another form": [
      "train.jsonl",
      edited('"length":', '"size":'),
      /line 1 of train\.jsonl is not valid: .*length/,
    ],
    "an offset that is off": [
      "train.jsonl",
      edited(/(.*\n.*"offset":)\d+/, "$17"),
      /in line 2 of train\.jsonl the offset is 7 and should be \d+/,
    ],
    "another name": ["train.jsonl", edited("file", "life"), /names and hashes in its lists/],
  };

  describe("that is damaged", () => {
    let folder: Folder;
    before(async () => {
      folder = await Folder.with({ "src/a.txt": line(1).repeat(50), "src/file.ts": line(2).repeat(50) });
      await pack(await load(folder.join("src")), folder.join("whole"));
    });
    after(() => folder[Symbol.asyncDispose]());

    async function copied(): Promise<Folder> {
      const contents = await Promise.all(
        (await readdir(folder.join("whole"))).map(async (name) => [name, await readFile(folder.join("whole", name))]),
      );
      return await Folder.with(Object.fromEntries(contents) as Record<string, Uint8Array>);
    }

    for (const [what, [name, edit, says]] of Object.entries(damages)) {
      it(`is refused for ${what}`, async () => {
        await using packed = await copied();
        await writeFile(packed.join(name), edit(await readFile(packed.join(name), "utf8")));
        await assert.rejects(readPackedCorpus(packed.path), ({ code, message }) => {
          assert.equal(code, "bad-corpus");
          assert.match(message, says);
          assert.match(message, again);
          assert.ok(message.includes(packed.path), message);
          return true;
        });
      });
    }

    it("is refused if a file is missing, cut short or not a file", async () => {
      for (const name of ["train.bin", "held-out.jsonl"]) {
        await using packed = await copied();
        await rm(packed.join(name));
        await assert.rejects(readPackedCorpus(packed.path), new RegExp(`there is no file ${name}`));
        await packed.write(`${name}/file`, "");
        await assert.rejects(readPackedCorpus(packed.path), new RegExp(`there is no file ${name}`));
      }
      await using packed = await copied();
      await truncate(packed.join("held-out.bin"), 100);
      await assert.rejects(readPackedCorpus(packed.path), /held-out\.bin has 100 bytes and should have \d+/);
    });

    it("is refused when a text whose bytes have changed is read, by the text's name", async () => {
      await using packed = await copied();
      const bytes = await readFile(packed.join("train.bin"));
      bytes[bytes.indexOf("größe2") + 1]! ^= 1;
      await writeFile(packed.join("train.bin"), bytes);
      const { train } = await readPackedCorpus(packed.path);
      const [good, bad] = [train.find(({ name }) => name === "a.txt")!, train.find(({ name }) => name === "file.ts")!];
      assert.ok(textOf(good).includes("größe1"));
      assert.throws(() => textOf(bad), {
        code: "bad-corpus",
        message: /The text of file\.ts in .*train\.bin is not what was packed/,
      });
      await truncate(packed.join("train.bin"), 10);
      assert.throws(() => textOf(good), /The text of a\.txt in .*train\.bin is not what was packed/);
      await rm(packed.join("train.bin"));
      assert.throws(() => textOf(good), { code: "bad-corpus", message: /train\.bin can't be read \(ENOENT/ });
    });

    it("is refused, without waiting, when a FIFO has taken the place of its texts", async function () {
      if (process.platform === "win32") this.skip();
      await using packed = await copied();
      // A process of its own, because what waits for a FIFO would stop this one too.
      const script = `
        import { execFileSync } from "node:child_process";
        const { readPackedCorpus } = await import(${JSON.stringify(join(import.meta.dirname, "../../../src/corpus/packed/packed-corpus.ts"))});
        const { train } = await readPackedCorpus(".");
        execFileSync("sh", ["-c", "rm train.bin && mkfifo train.bin"]);
        try { for (const piece of train[0].pieces(100)) console.log(piece); } catch ({ code, message }) { console.log(code, message); }`;
      const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script], {
        cwd: packed.path,
        timeout: 10_000,
      });
      assert.match(stdout, /^bad-corpus .*train\.bin can't be read \(it is not a file\)/);
    });

    it("is refused if it is not there, or is another folder", async () => {
      await assert.rejects(readPackedCorpus(folder.join("none")), {
        code: "not-found",
        message: /There is no packed corpus .*none/,
      });
      await assert.rejects(readPackedCorpus(folder.join("src")), {
        code: "bad-corpus",
        message: /src is not a packed corpus: it has no index\.json/,
      });
      await assert.rejects(readPackedCorpus(folder.join("src/a.txt")), /a\.txt is not a packed corpus/);
    });
  });

  it("keeps characters that other programs take for marks or line ends, in names and in texts", async () => {
    await using folder = await Folder.with();
    const corpus = {
      train: [textSource("a\u{1F600} b.txt", "a\uFEFFb\u2028c\n")],
      heldOut: [textSource("c.txt", "c")],
    };
    await pack(corpus, folder.join("packed"));
    assertSame((await readPackedCorpus(folder.join("packed"))).train, corpus.train);
  });
});
