import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { crc32, inflateSync } from "node:zlib";
import { animatedPng, chunksOf } from "../../scripts/editor/animated-png.ts";

describe("an animated PNG", () => {
  const media = (name: string): Promise<Buffer> => readFile(join(import.meta.dirname, "../../media", name));

  it("is a PNG whose frames have the pixels of the pictures, in their order, each for its time", async () => {
    const png = await media("icon.png");
    const pixels = (data: readonly Uint8Array[]): Buffer => inflateSync(Buffer.concat(data));
    const own = pixels(chunksOf(png).flatMap(({ type, data }) => (type === "IDAT" ? [data] : [])));
    const file = Buffer.from(
      animatedPng([
        { png, x: 0, y: 0, milliseconds: 120 },
        { png, x: 0, y: 0, milliseconds: 2000 },
      ]),
    );
    const chunks = chunksOf(file);
    assert.deepEqual(file.subarray(0, 8), png.subarray(0, 8));
    assert.deepEqual([...new Set(chunks.map(({ type }) => type))], ["IHDR", "acTL", "fcTL", "IDAT", "fdAT", "IEND"]);
    const of = (type: string): Buffer[] =>
      chunks.flatMap((chunk) => (chunk.type === type ? [Buffer.from(chunk.data)] : []));
    assert.deepEqual(of("acTL")[0], Buffer.from([0, 0, 0, 2, 0, 0, 0, 0]));
    assert.deepEqual(
      of("fcTL").map((control) => control.readUInt16BE(20) / control.readUInt16BE(22)),
      [0.12, 2],
    );
    assert.deepEqual(
      [...of("fcTL").slice(0, 1), ...of("fcTL").slice(1), ...of("fdAT")].map((data) => data.readUInt32BE(0)),
      Array.from({ length: 2 + of("fdAT").length }, (_, i) => i),
    );
    assert.deepEqual(pixels(of("IDAT")), own);
    assert.deepEqual(pixels(of("fdAT").map((data) => data.subarray(4))), own);
    let at = 8;
    for (const { type, data } of chunks) {
      assert.equal(file.readUInt32BE(at + 8 + data.length), crc32(Buffer.concat([Buffer.from(type), data])));
      at += 12 + data.length;
    }
  });

  it("is not made of pictures with other pixels, or of none", async () => {
    const pictures = [await media("icon.png"), await media("menu.png")];
    const frames = pictures.map((png) => ({ png, x: 0, y: 0, milliseconds: 100 }));
    assert.throws(() => animatedPng(frames), /Frame 1 has other pixels/);
    assert.throws(() => animatedPng([]), /needs a frame/);
  });
});
