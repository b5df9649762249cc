import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import {
  decodeMemory,
  encodeMemory,
  type LocalMemory,
  type StoredBytes,
} from "../../src/completion/memory/local-memory.ts";
import { TextReader } from "../../src/completion/memory/text-reader.ts";
import { Mixture } from "../../src/completion/prediction/mixture.ts";
import { byteCosts } from "../../src/completion/prediction/text-cost.ts";
import { MurmurError } from "../../src/errors.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { decodeModelFile, encodeModelFile } from "../../src/model/model-file.ts";
import { Random } from "../../src/random.ts";
import { tinyModelFile } from "../support/models.ts";

/** How many damaged files of each kind are tried: `npm run fuzz` tries 100,000. */
const count = Number(process.env["MURMUR_FUZZ"] ?? 1000);

/** Damages a file as a disk, a cut-off download or an attacker might: bytes changed, a part left out, repeated or exchanged. */
function damaged(whole: Uint8Array, random: Random): Uint8Array {
  const bytes = new Uint8Array(whole);
  const at = random.below(bytes.length);
  const length = 1 + random.below(Math.min(64, bytes.length - at));
  const [before, part, after] = [bytes.slice(0, at), bytes.slice(at, at + length), bytes.slice(at + length)];
  const noise = Uint8Array.from({ length }, () => random.below(256));
  switch (random.below(6)) {
    case 0:
      return Buffer.concat([before, noise, after]);
    case 1:
      return before;
    case 2:
      return Buffer.concat([before, after]);
    case 3:
      return Buffer.concat([before, part, part, after]);
    case 4:
      return Buffer.concat([before, part.map((byte) => byte ^ (1 << random.below(8))), after]);
    default:
      return Buffer.concat([before, part.fill(random.below(2) * 255), after]);
  }
}

describe(`${count} damaged files of each kind`, function () {
  this.timeout(60_000 + count * 50);

  it("of models are taken and run, or refused by name: whatever they hold, nothing else happens", async () => {
    const random = new Random(7);
    const { info, bytes } = tinyModelFile({ hidden: 4 });
    const small = encodeModelFile(info, decodeModelFile(bytes, "m").weights, "int8");
    let [run, refused] = [0, 0];
    for (let i = 0; i < count; i++) {
      const file = damaged(i % 2 === 0 ? bytes : small, random);
      let model: LanguageModel;
      try {
        model = await LanguageModel.load(file);
      } catch (error) {
        assertRefusal(error, "bad-model");
        refused++;
        continue;
      }
      const { logits } = await model.read(model.start(), Int32Array.of(0, 65, 66));
      assert.equal(logits.length, 3 * model.outputs);
      assert.ok(logits.every(Number.isFinite));
      await model.release();
      run++;
    }
    console.log(`    ${count} models: ${run} taken and run, ${refused} refused`);
    assert.ok(refused > count / 10 && run > count / 10);
  });

  it("of what was learned are refused, and change nothing", async () => {
    const random = new Random(8);
    const file = await memoryFile();
    const target = memoryOf();
    const before = target.mixture.snapshot();
    let refused = 0;
    for (let i = 0; i < count; i++) {
      const bytes = damaged(file, random);
      if (Buffer.from(bytes).equals(file)) continue;
      await assert.rejects(decodeMemory(target, storedBytes(bytes), "damaged"), (error) => {
        assertRefusal(error, "bad-memory");
        return true;
      });
      refused++;
    }
    console.log(`    ${refused} memories: all refused`);
    assert.ok(refused > count / 2);
    assert.deepEqual(target.mixture.snapshot(), before);
    await decodeMemory(target, storedBytes(file), "whole");
    assert.ok(target.reader.knows("/a.js"));
  });

  it("of what was learned, made to look whole, are taken and used, or refused by name, and then nothing is learned", async () => {
    const random = new Random(9);
    const file = await memoryFile();
    const target = memoryOf();
    const { mixture, reader } = target;
    const [before, bytesBefore] = [mixture.snapshot(), bytesOf(mixture)];
    let [used, refused] = [0, 0];
    for (let i = 0; i < count; i++) {
      const change = i % 10 === 0 ? changedContents : i % 2 === 0 ? damaged : changedHeader;
      try {
        await decodeMemory(target, storedBytes(resealed(change(file, random))), "made");
      } catch (error) {
        assertRefusal(error, "bad-memory");
        assert.ok(bytesOf(mixture).equals(bytesBefore) && reader.known.length === 0);
        refused++;
        continue;
      }
      await use(target);
      mixture.restore(before);
      reader.known = [];
      used++;
    }
    console.log(`    ${count} memories with a right hash: ${used} taken and used, ${refused} refused`);
    assert.ok(refused > count / 10 && used > count / 20);
  });
});

/** Fails unless an error is the refusal of a file, in words for people. */
function assertRefusal(error: unknown, code: string): void {
  assert.ok(error instanceof MurmurError && error.code === code, String((error as Error).stack));
  assert.doesNotMatch(error.message, /\[object|TypeError|RangeError/);
}

/** The bytes of all that is learned. Comparing them takes a hundredth of the time that deepEqual takes. */
function bytesOf({ parameters, local }: Mixture): Buffer {
  return Buffer.concat(
    [...parameters, ...local.contents].map((array) => new Uint8Array(array.buffer, array.byteOffset, array.byteLength)),
  );
}

const learned = "for (let i = 0; i < items.length; i++) total += items[i];\n";

function memoryOf(): LocalMemory {
  const mixture = new Mixture({ successors: 6, direct: 6, history: 8 });
  return { mixture, reader: new TextReader(mixture) };
}

async function memoryFile(): Promise<Buffer> {
  const memory = memoryOf();
  await memory.reader.read(learned, { name: "/a.js" });
  await memory.reader.read("total -= 1;\n", { name: "/b.js" });
  const pieces: Uint8Array[] = [];
  for await (const piece of encodeMemory(memory)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** The length of a memory's magic, after which come the header's length and the header. */
const magicLength = "murmur-memory-8\n".length;
const hashLength = 32;

/** A memory's file with the hash of what it holds: its damage is found, if at all, by what reads it. */
function resealed(bytes: Uint8Array): Uint8Array {
  const body = bytes.subarray(0, Math.max(0, bytes.length - hashLength));
  return Buffer.concat([body, createHash("sha256").update(body).digest()]);
}

/** A memory's file with something in its header exchanged for something else. */
function changedHeader(file: Buffer, random: Random): Buffer {
  const start = magicLength + 4;
  const end = start + file.readUInt32LE(magicLength);
  const values = ["0", "-1", "1e9", "4294967296", "1.5", "null", "[]", "{}", '"x"', "[1,0]", "[0,9]", "true"];
  const whole = file.toString("utf8", start, end);
  const parts = [...whole.matchAll(/(?<=[:[,])(?:\d+|"[^"]*"|\[[\d,]*\])/g)];
  const { index, 0: part } = parts[random.below(parts.length)] as RegExpExecArray;
  const value = values[random.below(values.length)] ?? "";
  const json = Buffer.from(whole.slice(0, index) + value + whole.slice(index + part.length));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  return Buffer.concat([file.subarray(0, magicLength), length, json, file.subarray(end)]);
}

/** A memory's file with something in its tables exchanged for something else. */
function changedContents(file: Buffer, random: Random): Buffer {
  const start = magicLength + 4 + file.readUInt32LE(magicLength);
  const contents = inflateRawSync(file.subarray(start, -hashLength));
  // The tables come last, and are much smaller than the parameters here.
  const at = random.below(2) === 0 ? random.below(contents.length) : contents.length - 1 - random.below(2000);
  for (let i = at; i < Math.min(contents.length, at + 64); i++) contents[i] = random.below(256);
  return Buffer.concat([file.subarray(0, start), deflateRawSync(contents, { level: 1 }), file.subarray(-hashLength)]);
}

/** Does with a memory what the server does: predicts, learns, reads a changed file, takes texts back and saves. */
async function use({ mixture, reader }: LocalMemory): Promise<void> {
  const { mixed } = await byteCosts(mixture, Buffer.from("total += 1;"), { name: "/c.js" });
  assert.ok(mixed.every(Number.isFinite), `${mixed}`);
  await reader.read(`${learned}total++;\n`, { name: "/a.js" });
  for (const name of reader.names) await reader.forget(name);
  for await (const _ of encodeMemory({ mixture, reader }));
}

function storedBytes(bytes: Uint8Array): StoredBytes {
  return { size: bytes.length, read: async (from, length) => bytes.subarray(from, from + length) };
}
