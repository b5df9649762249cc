import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { CancellationTokenSource } from "vscode-languageserver/node";
import {
  type PlaygroundAnswer,
  type PlaygroundCalls,
  playgroundRequests,
} from "../../../src/server/playground-protocol.ts";
import { tinyModelFile } from "../../support/models.ts";
import { Server } from "../support.ts";

const code = 'const greeting = "hello";\nfor (let i = 0; i < items.length; i++) {\n  total += items[i].price;\n}\n';

describe("the playground's requests", function () {
  this.timeout(30_000);
  let server: Server;

  afterEach(() => server.dispose());

  const ask = <Name extends keyof PlaygroundCalls>(
    name: Name,
    params: PlaygroundCalls[Name]["params"],
  ): Promise<PlaygroundAnswer<PlaygroundCalls[Name]["result"]>> =>
    server.connection.sendRequest(playgroundRequests[name], params);
  const result = async <Name extends keyof PlaygroundCalls>(
    name: Name,
    params: PlaygroundCalls[Name]["params"],
  ): Promise<PlaygroundCalls[Name]["result"]> => {
    const answer = await ask(name, params);
    assert.ok("result" in answer, JSON.stringify(answer));
    return answer.result;
  };
  const problem = async <Name extends keyof PlaygroundCalls>(
    name: Name,
    params: PlaygroundCalls[Name]["params"],
  ): Promise<string> => {
    const answer = await ask(name, params);
    assert.ok("problem" in answer, JSON.stringify(answer));
    return answer.problem;
  };

  it("read a text with the default model, predict what comes next, and go on after a forced character", async () => {
    server = await Server.start();
    const model = await result("load", { kind: "default" });
    assert.match(
      model.description,
      /^LSTM, 2 layers of 512 units, 3\.\d million parameters; reads bytes; many-to-many/,
    );
    const reading = await result("read", { text: code });
    assert.equal(reading.pieces.map(({ text }) => text).join(""), code);
    assert.ok((reading.bitsPerChar ?? 8) < 3);
    const bits = reading.pieces.reduce((sum, { probability }) => sum - Math.log2(probability), 0);
    assert.ok(Math.abs(bits / code.length - (reading.bitsPerChar ?? 0)) < 0.01);

    const text = "for (let i = 0; i < items.lengt";
    const temperatures = [0, 0.5, 1, 2];
    const { characters, others } = await result("next", { text, temperatures });
    assert.equal(characters[0]?.text, "h");
    assert.equal(characters[0]?.probabilities[0], 1);
    for (const [i] of temperatures.entries()) {
      const total = characters.reduce((sum, { probabilities }) => sum + probabilities[i]!, others[i]!);
      assert.ok(Math.abs(total - 1) < 0.01, `${total}`);
    }
    const [, half = 0, one = 0, two = 0] = characters[0]?.probabilities ?? [];
    assert.ok(half >= one && one > two, "a higher temperature is flatter");
    const forced = await result("read", { text: `${text}z` });
    assert.ok(forced.pieces.at(-1)!.probability < 0.01);
    assert.equal(forced.pieces.at(-1)!.likeliest[0]?.text, "h");
    assert.notEqual((await result("next", { text: `${text}z`, temperatures })).characters[0]?.text, "h");
  });

  it("read a text alike, whatever was read before it", async () => {
    server = await Server.start();
    await result("load", { kind: "default" });
    const first = await result("read", { text: code });
    const next = await result("next", { text: code, temperatures: [1] });
    await result("read", { text: code.slice(0, 40) });
    await result("read", { text: `${code.slice(0, 20)}${code.slice(60)}` });
    assert.deepEqual(await result("read", { text: code }), first);
    assert.deepEqual(await result("next", { text: code, temperatures: [1] }), next);
  });

  it("write greedily into a cycle, and by sampling as the seed says, in parts as at once", async () => {
    server = await Server.start();
    await result("load", { kind: "default" });
    const params = { text: code, temperature: 0.8, topK: 40, topP: 0.95, seed: 7 };
    const whole = await result("write", { ...params, from: 0, length: 300 });
    assert.equal(whole.greedy.length, 300);
    const other = await result("write", { ...params, seed: 8, from: 0, length: 30 });
    assert.notDeepEqual(other.sampled, whole.sampled.slice(0, 30));
    assert.deepEqual(other.greedy, whole.greedy.slice(0, 30));
    const parts = [
      await result("write", { ...params, from: 0, length: 10 }),
      await result("write", { ...params, from: 10, length: 5 }),
    ];
    assert.deepEqual(
      parts.flatMap(({ sampled }) => sampled),
      whole.sampled.slice(0, 15),
    );
    const long = await result("write", { ...params, text: "/* The ", from: 0, length: 220 });
    const text = long.greedy.map((piece) => piece.text).join("");
    assert.ok(long.cycle, text);
    const { start, unit } = long.cycle;
    assert.equal(text.slice(start, start + unit), text.slice(start + unit, start + 2 * unit));
  });

  it("give a hidden unit's activations, and find units that follow quotes", async () => {
    server = await Server.start();
    const { layers, hidden } = await result("load", { kind: "default" });
    const text = 'a = "one two three";\nb = "four five six";\nc = [seven, eight, nine, ten];\n'.repeat(4);
    const found = await result("findUnits", { text, property: "quotes" });
    const [best] = found;
    assert.ok(best && best.layer < layers && best.unit < hidden);
    assert.ok(Math.abs(best.correlation) > 0.6, `the best is ${best.correlation}`);
    const values = await result("activations", { text, layer: best.layer, unit: best.unit });
    assert.equal(values.length, text.length);
    assert.ok(values.every((value) => Math.abs(value) <= 1));
    const inside = values[text.indexOf("two")] ?? 0;
    const outside = values[text.indexOf("eight")] ?? 0;
    assert.equal(Math.sign(inside - outside), Math.sign(best.correlation));
    assert.match(await problem("findUnits", { text: "no such thing", property: "quotes" }), /nothing in quotes.*Add/);
    assert.match(await problem("activations", { text, layer: 9, unit: 0 }), /has no unit 1 in a layer 10/);
  });

  it("read what a model does not know as an unknown character, the end of a text that is too long, and an empty one", async () => {
    server = await Server.start();
    const base64 = Buffer.from(tinyModelFile({ tokenizer: "char" }).bytes).toString("base64");
    const model = await result("load", { kind: "bytes", name: "tiny.onnx", base64 });
    assert.equal(model.tokenizer, "char");
    const { unknown, pieces } = await result("read", { text: "for ∑" });
    assert.deepEqual(unknown, ["∑"]);
    assert.equal(pieces.length, 5);
    const long = await result("read", { text: "0123456789".repeat(250) });
    assert.equal(long.leftOut, 500);
    assert.equal(long.pieces.length, 2000);
    const empty = await result("read", { text: "" });
    assert.deepEqual([empty.pieces, empty.bitsPerChar], [[], undefined]);
    assert.ok((await result("next", { text: "", temperatures: [1] })).characters.length > 0);
  });

  it("read words with a model of words, and give a classifier's labels along a text", async () => {
    server = await Server.start();
    await server.write("word.onnx", tinyModelFile({ tokenizer: "word" }).bytes);
    await server.write("labels.onnx", tinyModelFile({ labels: ["go", "rust", "python"] }).bytes);
    const uri = (name: string): string => pathToFileURL(join(server.folder, name)).href;
    await result("load", { kind: "file", uri: uri("word.onnx") });
    const words = await result("read", { text: "i = ö" });
    assert.deepEqual(
      words.pieces.map(({ text }) => text),
      ["i", " ", "=", " ", "ö"],
    );
    const model = await result("load", { kind: "file", uri: uri("labels.onnx") });
    assert.equal(model.task, "many-to-one");
    const { labels, pieces } = await result("read", { text: "fn main" });
    assert.equal(labels?.length, 3);
    assert.equal(pieces.at(-1)!.probability, labels[0]!.probability);
    assert.equal(pieces.at(-1)!.likeliest[0]!.text, labels[0]!.text);
    assert.match(await problem("next", { text: "fn", temperatures: [1] }), /classifier.*Choose another model/);
  });

  it("say what is wrong with a file that is no model, and keep the model before it", async () => {
    server = await Server.start({ files: { "notes.txt": "no model\n" } });
    await result("load", { kind: "default" });
    const notes = await problem("load", { kind: "file", uri: server.uri("notes.txt") });
    assert.match(notes, /notes\.txt is not an ONNX file/);
    const base64 = Buffer.from("no model").toString("base64");
    assert.match(await problem("load", { kind: "bytes", name: "notes.onnx", base64 }), /The model notes\.onnx is not/);
    assert.match(await problem("load", { kind: "file", uri: server.uri("gone.onnx") }), /can't be read/);
    assert.match(await problem("load", { kind: "workspace" }), /Train on the workspace first/);
    for (const message of [notes]) assert.doesNotMatch(message, /\n\s+at /);
    assert.equal((await result("read", { text: "ab" })).pieces.length, 2);
  });

  it("load no other model than the default one while the workspace is not trusted", async () => {
    server = await Server.start({ options: { isTrusted: false } });
    assert.deepEqual((await result("load", { kind: "default" })).sources, ["default"]);
    assert.match(await problem("load", { kind: "bytes", name: "x", base64: "" }), /not trusted/);
  });

  it("end when they are cancelled or the page is closed, and release the model", async () => {
    server = await Server.start();
    await result("load", { kind: "default" });
    const source = new CancellationTokenSource();
    const cancelled = server.connection.sendRequest(playgroundRequests.read, { text: "x".repeat(2000) }, source.token);
    source.cancel();
    await assert.rejects(cancelled, /cancelled/);
    const reading = ask("read", { text: "y".repeat(2000) });
    const closed = ask("close", {});
    await assert.rejects(reading, /cancelled/);
    await closed;
    const after = await ask("read", { text: "x" });
    assert.ok("problem" in after && after.isUnloaded);
  });

  it("are answered by the model before, if another one is chosen meanwhile", async () => {
    server = await Server.start();
    await result("load", { kind: "default" });
    const reading = result("read", { text: code });
    const base64 = Buffer.from(tinyModelFile({ tokenizer: "char" }).bytes).toString("base64");
    const loading = result("load", { kind: "bytes", name: "tiny.onnx", base64 });
    assert.ok((await reading).bitsPerChar! < 3);
    assert.equal((await loading).tokenizer, "char");
    assert.ok((await result("read", { text: code })).bitsPerChar! > 3);
  });

  it("are answered beside completions, which come first", async () => {
    server = await Server.start();
    await result("load", { kind: "default" });
    await server.open("a.js", code);
    await server.completeFully("a.js", 3, 0);
    const written = ask("write", { text: code, from: 0, length: 1000, temperature: 1, seed: 1 });
    await server.type("a.js", 4, 0, "f");
    let slowest = 0;
    for (let i = 0; i < 10; i++) {
      const begun = performance.now();
      await server.complete("a.js", 4, 1);
      slowest = Math.max(slowest, performance.now() - begun);
    }
    assert.ok(slowest < 200, `${slowest} ms`);
    assert.ok("result" in (await written));
  });
});
