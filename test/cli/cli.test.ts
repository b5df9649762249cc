import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { decodeModelFile } from "../../src/model/model-file.ts";
import { Folder } from "../support/folder.ts";
import { tinyModelFile } from "../support/models.ts";
import { json, murmur, murmurOnFullDisk, refuses } from "./support.ts";

const text = "for (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n".repeat(60);
/** A run of a second or two. */
const small = ["--hidden", "24", "--batch", "4", "--window", "16", "--threads", "1", "--learning-rate", "0.01"];

describe("murmur", function () {
  this.timeout(60_000);
  let folder: Folder;
  let model: string;
  before(async () => {
    folder = await Folder.with({ "src/a.js": text, "src/b.js": text.replaceAll("items", "orders") });
    model = await folder.write("tiny.onnx", tinyModelFile().bytes);
  });
  after(() => folder[Symbol.asyncDispose]());

  it("train writes a model that has learned, and prints its figures as JSON", async () => {
    const out = folder.join("m.onnx");
    const untrained = await json("train", folder.join("src"), ...small, "--out", out, "--steps", "0");
    const trained = await json("train", folder.join("src"), ...small, "--out", out, "--steps", "600");
    for (const field of ["model", "parameters", "trainChars", "steps", "seconds", "charsPerSecond"])
      assert.ok(field in trained, field);
    const bits = (result: Record<string, unknown>): number =>
      (result["heldOut"] as { bitsPerChar: number }).bitsPerChar;
    assert.ok(bits(trained) < bits(untrained) / 2, `${bits(trained)} and ${bits(untrained)}`);
    const generated = await json(
      "generate",
      "--model",
      out,
      "--prompt",
      "for (let",
      "--length",
      "30",
      "--temperature",
      "0",
    );
    assert.match(String(generated["text"]), /^ i = 0/);
  });

  it("trains for the other tasks: a classifier of languages, and models that are given a file's name or the text that follows", async () => {
    const python = "for item in items:\n    total += item.price\n".repeat(80);
    const both = await Folder.with({ "src/a.js": text, "lib/b.py": python });
    const trained = async (task: string, steps: number): Promise<string> => {
      const out = both.join(`${task}.onnx`);
      await json("train", both.path, ...small, "--steps", `${steps}`, "--task", task, "--out", out);
      return out;
    };
    const classifier = await trained("many-to-one", 200);
    const unnamed = await Promise.all([folder.write("1", text.slice(0, 140)), folder.write("2", python.slice(0, 140))]);
    const classified = await json("classify", ...unnamed, "--model", classifier);
    const files = classified["files"] as { label: string; probability: number }[];
    assert.deepEqual(
      files.map(({ label }) => label),
      ["javascript", "python"],
    );
    assert.ok(
      files.every(({ probability }) => probability > 0.8),
      JSON.stringify(files),
    );
    const refused = async (code: number, message: RegExp, ...args: string[]): Promise<void> => {
      const result = await murmur(...args);
      assert.equal(result.code, code, result.err);
      assert.match(result.err, message);
    };
    await refused(1, /many-to-one.onnx is a classifier .* "murmur classify"/, "generate", "--model", classifier);

    const named = await trained("one-to-many", 800);
    const greedy = ["--temperature", "0", "--length", "20"];
    const start = async (context: string): Promise<unknown> =>
      (await json("generate", "--model", named, "--context", context, ...greedy))["text"];
    assert.match(String(await start("src/a.js")), /^for \(let i/);
    assert.match(String(await start("lib/b.py")), /^for item in/);

    const filling = await trained("sequence-to-sequence", 20);
    const filled = await json(
      "generate",
      "--model",
      filling,
      "--prompt",
      "for ",
      "--following",
      "    total",
      ...greedy,
    );
    assert.equal([...String(filled["text"])].length, 20);
    await refused(2, /--context .* one-to-many/, "generate", "--model", filling, "--context", "a.js");
    await refused(2, /--following .* sequence-to-sequence/, "generate", "--model", named, "--following", "x");
    await refused(1, /is not a classifier: its task is many-to-many/, "classify", folder.join("1"), "--model", model);
    await both[Symbol.asyncDispose]();
  });

  it("generate prints the same text for the same seed, with its log probability and speed", async () => {
    const args = ["generate", "--model", model, "--prompt", "x", "--length", "40", "--temperature", "1", "--seed", "7"];
    const [first, second] = [await json(...args), await json(...args)];
    assert.equal(first["text"], second["text"]);
    assert.equal([...String(first["text"])].length, 40);
    assert.ok(Number(first["logProbability"]) < 0 && Number(first["charsPerSecond"]) > 0);
  });

  it("evaluate prints bits per character in total and for each file", async () => {
    const result = await json("evaluate", folder.join("src"), "--model", model);
    const files = result["files"] as { file: string; chars: number; bitsPerChar: number }[];
    assert.deepEqual(
      files.map(({ file }) => file),
      ["a.js", "b.js"],
    );
    const mean = files.reduce((sum, file) => sum + file.chars * file.bitsPerChar, 0) / Number(result["chars"]);
    assert.ok(Math.abs(mean - Number(result["bitsPerChar"])) < 1e-9);
    assert.ok("rnn" in result && "charsPerSecond" in result);
  });

  it("complete prints suggestions with their probabilities, and the time taken", async () => {
    const result = await json("complete", folder.join("src/a.js"), "--line", "1", "--column", "5", "--model", model);
    assert.ok(Array.isArray(result["suggestions"]) && Number(result["latencyMs"]) >= 0);
  });

  it("exits with 0 for --help of each command, which lists its options", async () => {
    for (const command of ["train", "pack", "generate", "evaluate", "simulate", "complete", "lsp"]) {
      const { code, out } = await murmur(command, "--help");
      assert.equal(code, 0);
      assert.match(out, new RegExp(`Usage: murmur ${command}`));
    }
  });

  refuses({
    "a temperature out of range": [
      ["generate", "--temperature", "3"],
      /--temperature is "3"; it must be a number from 0 to 2/,
    ],
    "an unknown tokenizer": [
      ["train", ".", "--out", "m.onnx", "--tokenizer", "bpe"],
      /no tokenizer "bpe"\. Use one of: byte, char/,
    ],
    "an unknown cell": [["train", ".", "--out", "m.onnx", "--cell", "gru2"], /no cell "gru2"/],
    "an unknown option": [["train", ".", "--out", "m.onnx", "--outt", "x"], /unknown option '--outt'/],
    "an unknown command": [["trian"], /unknown command 'trian'/],
    "a share that is none": [["train", ".", "--out", "m.onnx", "--held-out", "1.5"], /--held-out is 1\.5/],
    "a missing path": [["evaluate"], /missing required argument/],
  });

  it("exits with 1 if a file does not exist or can't be used, and names it", async () => {
    const cases: [string[], RegExp][] = [
      [["evaluate", "/no/such/path", "--model", model], /no file or folder \/no\/such\/path/],
      [["generate", "--model", "/no/such.onnx"], /\/no\/such\.onnx can't be read/],
      [["generate", "--model", folder.join("src/a.js")], /a\.js is not an ONNX file, or is incomplete/],
      [["train", folder.join("src"), "--out", "/no/such/m.onnx"], /folder of \/no\/such\/m\.onnx does not exist/],
      [["train", folder.join("src"), "--out", folder.join("src")], /src is a folder/],
    ];
    for (const [args, message] of cases) {
      const { code, err } = await murmur(...args);
      assert.equal(code, 1, err);
      assert.match(err, message);
    }
  });

  it("train refuses to change the layers of a model that it fine-tunes, or to read characters that the model does not know", async () => {
    const fine = ["train", folder.join("src"), "--steps", "0", "--out", folder.join("fine.onnx")];
    const kept = await murmur(...fine, "--init", model, "--hidden", "24");
    assert.equal(kept.code, 2, kept.err);
    assert.match(kept.err, /--hidden is 24, but it is \d+ in the model .*tiny\.onnx\. Leave it out/);
    for (const [option, value] of [
      ["cell", "gru"],
      ["layers", "3"],
      ["tokenizer", "word"],
    ] as const) {
      const { code, err } = await murmur(...fine, "--init", model, `--${option}`, value);
      assert.equal(code, 2, err);
      assert.match(err, new RegExp(`--${option} is ${value}, but it is \\w+ in the model .*tiny\\.onnx`));
    }
    const plain = await murmur(...fine, "--init", model, "--no-layer-norm");
    assert.equal(plain.code, 2, plain.err);
    assert.match(plain.err, /--no-layer-norm is given, but the model .*tiny\.onnx has layer normalisation/);
    const tied = await murmur(...fine, "--init", model, "--tied");
    assert.equal(tied.code, 2, tied.err);
    assert.match(tied.err, /--tied is given, but the model .*tiny\.onnx has no tied embeddings/);
    const ascii = await folder.write("ascii/a.txt", text);
    const chars = folder.join("chars.onnx");
    const trained = await murmur(
      "train",
      ascii,
      "--tokenizer",
      "char",
      "--steps",
      "0",
      "--hidden",
      "8",
      "--out",
      chars,
    );
    assert.equal(trained.code, 0, trained.err);
    const other = await folder.write("other/b.txt", text.replaceAll("items", "größe"));
    const { code, err } = await murmur("train", other, "--init", chars, "--steps", "0", "--out", folder.join("x.onnx"));
    assert.equal(code, 2, err);
    assert.match(err, /characters that the vocabulary of .*chars\.onnx lacks \(2\), such as .*ö/);
    const prompted = await murmur("generate", "--model", chars, "--prompt", "größe");
    assert.equal(prompted.code, 2, prompted.err);
    assert.match(prompted.err, /--prompt has characters that the vocabulary of .*chars\.onnx lacks \(2\)/);
  });

  it("train refuses to fine-tune a classifier of other languages", async () => {
    const python = "for item in items:\n    total += item.price\n".repeat(80);
    await using both = await Folder.with({
      "one/a.js": text,
      "one/b.py": python,
      "two/a.js": text,
      "two/b.css": python,
    });
    const out = both.join("c.onnx");
    const few = ["--task", "many-to-one", "--steps", "0", "--hidden", "8"];
    await json("train", both.join("one"), ...few, "--out", out);
    const { code, err } = await murmur(
      "train",
      both.join("two"),
      ...few.slice(0, 4),
      "--init",
      out,
      "--out",
      both.join("d.onnx"),
    );
    assert.equal(code, 2, err);
    assert.match(err, /c\.onnx classifies javascript, python, but the files are in css, javascript/);
  });

  it("trains, generates and measures with tokens that are characters or words", async () => {
    for (const tokenizer of ["char", "word"]) {
      const out = folder.join(`${tokenizer}.onnx`);
      const options = [...small, "--tokenizer", tokenizer, "--steps", "400"];
      const trained = await json("train", folder.join("src"), ...options, "--out", out);
      assert.ok((trained["heldOut"] as { bitsPerChar: number }).bitsPerChar < 1.5, JSON.stringify(trained));
      const prompt = ["--prompt", "for (let", "--length", "20", "--temperature", "0"];
      const generated = await json("generate", "--model", out, ...prompt);
      assert.equal(decodeModelFile(await readFile(out), out).info.architecture.tied, tokenizer === "word");
      assert.match(String(generated["text"]), /^ i /);
      const { err, out: printed, code } = await murmur("evaluate", folder.join("src"), "--model", out);
      assert.equal(code, 0, err);
      assert.match(printed, /bits/);
    }
  });

  it("train keeps the existing model, and leaves no partial file, if the disk is full", async () => {
    const place = await folder.write("full/m.onnx", tinyModelFile().bytes);
    const before = await readFile(place);
    const args = ["train", folder.join("src"), "--steps", "1", "--batch", "4", "--hidden", "128", "--out", place];
    const { code, err } = await murmurOnFullDisk(300, ...args);
    assert.equal(code, 1, err);
    assert.match(err, /m\.onnx can't be written .*Free some space/);
    assert.match(err, /A new network is trained from nothing: --hidden differs from the model that comes with Murmur/);
    assert.deepEqual(await readFile(place), before);
    assert.deepEqual(await readdir(folder.join("full")), ["m.onnx"]);
  });
});
