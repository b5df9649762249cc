import assert from "node:assert/strict";
import iconv from "iconv-lite";
import { decodeBytes, decoded, decoderOf } from "../../src/corpus/decode.ts";
import { chooseFiles, readTextFile } from "../../src/corpus/files.ts";
import { counter, type Skipped } from "../../src/corpus/skipped.ts";
import { fileSource, textOf, textSource } from "../../src/corpus/text-source.ts";
import { Folder } from "../support/folder.ts";
import { chosenFile } from "./support.ts";

/** Code with comments in a language: a line of them in each three, as in files that people keep from before UTF-8. */
function code(comment: string): string {
  return Array.from({ length: 20 }, (_, i) => `// ${comment} ${i}\nfunction f${i}(x) {\n  return x > ${i};\n}\n`).join(
    "",
  );
}

const german = code("Prüft die Größe des Fensters für den Nutzer");
const french = code("Renvoie la longueur de la chaîne où l'élève a été évalué");
const polish = code("Zwraca długość łańcucha, gdzieś źle żółw");
const russian = code("возвращает длину строки");
const chinese = code("第一个函数返回字符串的长度");
const traditional = code("這個函數返回字串的長度");
const japanese = code("番目の関数は文字列の長さを返します");
const korean = code("번째 함수는 문자열의 길이를 반환합니다");
const filler = "int main(int argc, char **argv) { return 0; }\n".repeat(200);

async function textIn(bytes: Uint8Array, isWhole = true): Promise<string | undefined> {
  const found = await decodeBytes(bytes, isWhole);
  return "text" in found ? found.text : undefined;
}

async function reasonOf(bytes: Uint8Array): Promise<string | undefined> {
  const found = await decodeBytes(bytes, true);
  return "reason" in found ? found.reason : undefined;
}

describe("decoding a file", () => {
  const cases: readonly (readonly [encoding: string, text: string])[] = [
    ["utf-8", german],
    ["utf-16-le", german],
    ["utf-16-be", german],
    ["utf-16-le", chinese],
    ["utf-16-be", russian],
    ["utf-32-le", german],
    ["iso-8859-1", german],
    ["windows-1252", french],
    ["macroman", german],
    ["cp437", german],
    ["windows-1250", polish],
    ["iso-8859-2", polish],
    ["windows-1251", russian],
    ["koi8-r", russian],
    ["cp866", russian],
    ["gbk", chinese],
    ["gb18030", chinese],
    ["big5", traditional],
    ["shift_jis", japanese],
    ["euc-jp", japanese],
    ["euc-kr", korean],
  ];
  for (const [encoding, text] of cases) {
    it(`detects ${encoding}: ${[...text].slice(3, 12).join("")}…`, async () => {
      assert.equal(await textIn(iconv.encode(text, encoding)), text);
    });
  }

  for (const encoding of ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]) {
    it(`obeys the byte order mark of ${encoding}, which is not part of the text`, async () => {
      assert.equal(await textIn(iconv.encode("\uFEFFx", encoding)), "x");
      assert.equal(await textIn(iconv.encode(`\uFEFF${chinese}`, encoding)), chinese);
    });
  }

  const names: readonly (readonly [encoding: string, line: string])[] = [
    ["windows-1252", "/* Copyright (c) 2003 Jürgen Müller */"],
    ["windows-1252", "/* Copyright © 2001 someone */"],
    ["windows-1252", "It’s “quoted” – with dashes, for 5 €."],
    ["windows-1252", "float angle; // in °"],
    ["windows-1252", "/* a naïve approach */"],
    ["windows-1252", "// señor Núñez"],
    ["windows-1250", "# author: Łukasz"],
    ["windows-1251", "return 0; // Привет, мир"],
    ["gbk", "# 中文"],
    ["shift_jis", "// テスト"],
    ["euc-kr", "// 한글"],
  ];
  for (const [encoding, line] of names) {
    it(`detects the encoding from a single line that is not ASCII: ${line}`, async () => {
      const text = `${line}\n${filler}`;
      assert.equal(await textIn(iconv.encode(text, encoding)), text);
      assert.equal(await textIn(Buffer.from(text)), text);
    });
  }

  const lines: readonly (readonly [encoding: string, line: string])[] = [
    ["windows-1252", "// don´t call this twice, it´s Jürgen´s"],
    ["windows-1252", "// an M×N matrix of w×h"],
    ["windows-1252", "foo\u00A0bar col·lecció"],
    ["windows-1250", "# nazwa użytkownika"],
    ["iso-8859-2", "# nazwa użytkownika"],
    ["windows-1250", "// zápis souborů"],
    ["windows-1252", "// Verifica se l'utente è già registrato"],
    ["windows-1252", "# La città è più bella perché c'è il sole"],
    ["windows-1252", "// Configuração não é válida: opções e ações"],
    ["windows-1252", "// Déjà vu: l'été où le garçon a mangé"],
    ["windows-1252", "// Copyright © 2004 José Muñoz ™"],
    ["windows-1252", "« Bonjour » — « ça va »"],
    ["windows-1252", "€ 100 – “price” …"],
    ["windows-1252", "// el niño está aquí, ¿qué más? mañana"],
    ["iso-8859-2", "// Příliš žluťoučký kůň úpěl ďábelské ódy"],
    ["windows-1250", "// Příliš žluťoučký kůň úpěl ďábelské ódy"],
    ["windows-1250", "// Árvíztűrő tükörfúrógép őrült"],
    ["cp866", "// возвращает длину строки"],
    ["shift_jis", "// テスト関数"],
  ];
  for (const [encoding, line] of lines) {
    it(`detects ${encoding}, however often a line comes: ${line}`, async () => {
      for (const count of [4, 20]) {
        const text = `${line}\nint x = 0;\n`.repeat(count);
        assert.equal(await textIn(iconv.encode(text, encoding)), text);
      }
    });
  }

  it("leaves out text in encodings of escape sequences, such as ISO-2022-JP", async () => {
    assert.equal(await reasonOf(Buffer.from(`\x1b$B8cGZ\x1b(B\n${filler}`)), "unknown encoding");
    assert.equal(await textIn(Buffer.from(`\x1b[31mred\x1b[0m\n${filler}`)), `\x1b[31mred\x1b[0m\n${filler}`);
  });

  it("obeys the byte order mark of GB 18030, which is not part of the text", async () => {
    const bytes = iconv.encode(`\uFEFF${chinese}`, "gb18030");
    assert.equal(await textIn(bytes), chinese);
    assert.equal([...decoded([bytes], (await decoderOf("gb18030"))())].join(""), chinese);
  });

  it("leaves out text in UTF-7 and Unicode's other rare encodings, by their byte order marks", async () => {
    for (const last of ["8", "9", "+", "/"])
      assert.equal(await reasonOf(Buffer.from(`+/v${last}${filler}`)), "unknown encoding");
    for (const mark of [
      [0xf7, 0x64, 0x4c],
      [0xdd, 0x73, 0x66, 0x73],
      [0x0e, 0xfe, 0xff],
      [0xfb, 0xee, 0x28],
    ])
      assert.equal(await reasonOf(Buffer.concat([Buffer.from(mark), Buffer.from(filler)])), "unknown encoding");
    await using folder = await Folder.with({ "a.c": filler, "b.c": `+/v8-${filler}` });
    const { files, skipped } = await chooseFiles([folder.path], { exclude: [] });
    assert.deepEqual([files.map(({ name }) => name), skipped], [["a.c"], { "unknown encoding": 1 }]);
  });

  it("puts U+FFFD for a few bytes that say nothing about their encoding", async () => {
    assert.equal(await textIn(Buffer.from(`x = '\xe4'\n${filler}`, "latin1")), `x = '\uFFFD'\n${filler}`);
  });

  it("detects the encoding of a file whose lines end in carriage returns", async () => {
    const text = russian.replaceAll("\n", "\r");
    assert.equal(await textIn(iconv.encode(text, "windows-1251")), text);
  });

  it("recognises UTF-8 that is damaged in one place or contains U+FFFD", async () => {
    const replacing = `replacement = "\uFFFD"\n${filler}`;
    assert.equal(await textIn(Buffer.from(replacing)), replacing);
    const bytes = Buffer.concat([Buffer.from(german), Buffer.from([0xfc, 0x0a]), Buffer.from(german)]);
    assert.equal(await textIn(bytes), `${german}\uFFFD\n${german}`);
  });

  it("does not mistake a character cut short by the end of the read for damage", async () => {
    for (const encoding of ["utf-8", "utf-16-be", "shift_jis"]) {
      const bytes = iconv.encode(japanese, encoding);
      for (const end of [101, 102, 103]) {
        const text = await textIn(bytes.subarray(0, end), false);
        assert.ok(text && japanese.startsWith(text), `${encoding}, ${end} bytes`);
      }
    }
  });

  it("yields the same text however the bytes are divided into chunks", async () => {
    for (const [encoding, text] of cases) {
      const bytes = iconv.encode(text, encoding);
      const chunks = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, i) => bytes.subarray(7 * i, 7 * i + 7));
      assert.equal([...decoded(chunks, (await decoderOf(encoding))())].join(""), text, encoding);
    }
  });

  it("does not mistake a binary for text", async () => {
    const random = Uint8Array.from({ length: 4000 }, (_, i) => (i * 7919 + (i >> 3) * 104_729) % 256);
    const samples = Int16Array.from({ length: 2000 }, (_, i) => Math.round(300 * Math.sin(i / 9)));
    const floats = Float32Array.from({ length: 2000 }, (_, i) => Math.sin(i));
    assert.equal(await reasonOf(random), "binary");
    assert.equal(await reasonOf(random.map((byte) => byte || 1)), "binary");
    assert.equal(await reasonOf(new Uint8Array(samples.buffer)), "binary");
    assert.equal(await reasonOf(new Uint8Array(floats.buffer)), "binary");
    assert.equal(await reasonOf(Buffer.concat([Buffer.from([0xff, 0xfe]), random])), "binary");
    assert.equal(await reasonOf(new Uint8Array(500)), "binary");
    assert.equal(await reasonOf(Buffer.from(`text with a zero\0in it\n${filler}`)), "binary");
    assert.equal(await reasonOf(Buffer.from("%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\n")), "binary");
    for (const mark of ["\x89PNG\r\n", "GIF89a", "PK\x03\x04", "\0asm", "wOF2"]) {
      assert.equal(await reasonOf(Buffer.from(`${mark}${filler}`, "latin1")), "binary", mark);
    }
  });

  it("says so if no encoding fits", async () => {
    const highBytes = Uint8Array.from({ length: 4000 }, (_, i) => 0x80 + ((i * 7919 + (i >> 2) * 31) % 128));
    assert.equal(await reasonOf(highBytes), "unknown encoding");
  });
});

describe("a file in another encoding", () => {
  it("is read and trained on as decoded text", async () => {
    await using folder = await Folder.with({
      "a.js": iconv.encode(german, "iso-8859-1"),
      "b.py": iconv.encode(chinese, "gbk"),
      "c.js": iconv.encode(german, "utf-16-le"),
      "d.py": iconv.encode(`\uFEFF${japanese}`, "utf-16-be"),
    });
    const { files, skipped } = await chooseFiles([folder.path], { exclude: [] });
    const texts = [german, chinese, german, japanese];
    assert.deepEqual(skipped, {});
    assert.deepEqual(
      (await Promise.all(files.map(fileSource))).map((source) => textOf(source)),
      texts,
    );
    const read = await Promise.all(files.map(async ({ path }) => (await readTextFile(path))?.text));
    assert.deepEqual(read, texts);
  });

  it("is read piece by piece, and yields the same text however the reads divide it", async () => {
    // Longer than what is read at once, and of characters of several bytes.
    const text = `${chinese.repeat(60)}x`;
    for (const encoding of ["gb18030", "utf-16-be", "utf-8"]) {
      await using folder = await Folder.with({ "a.py": iconv.encode(text, encoding) });
      const source = await fileSource(chosenFile(folder, "a.py"));
      assert.equal(textOf(source), text);
      assert.deepEqual([source.chars, source.hash], [text.length, textSource("a.py", text).hash]);
    }
  });

  it("is left out and counted if its encoding is unknown", async () => {
    const highBytes = Uint8Array.from({ length: 4000 }, (_, i) => (i % 80 === 79 ? 10 : 0x80 + ((i * 7919) % 128)));
    await using folder = await Folder.with({ "a.js": german, "b.js": highBytes });
    const { files, skipped } = await chooseFiles([folder.path], { exclude: [] });
    assert.deepEqual([files.map(({ name }) => name), skipped], [["a.js"], { "unknown encoding": 1 }]);
    const reasons: Skipped = {};
    assert.equal((await readTextFile(folder.join("b.js"), counter(reasons)))?.text, undefined);
    assert.deepEqual(reasons, { "unknown encoding": 1 });
  });

  it("yields no line with a character that could not be decoded", async () => {
    const damaged = Buffer.concat([Buffer.from(`${german}x = "`), Buffer.from([0xfc]), Buffer.from(`"\n${german}`)]);
    await using folder = await Folder.with({ "a.js": damaged, "b.js": `${german}x = "\uFFFD"\n${german}` });
    for (const name of ["a.js", "b.js"]) {
      assert.equal(textOf(await fileSource(chosenFile(folder, name))), german + german);
      assert.equal((await readTextFile(folder.join(name)))?.text, german + german);
    }
  });
});
