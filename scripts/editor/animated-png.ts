import { crc32 } from "node:zlib";

/** A picture of an animation, and how long it is shown. */
export interface Frame {
  /** A PNG file. All frames have the same kind of pixels. */
  readonly png: Uint8Array;
  /** Where it lies on the one before, in pixels. The first frame is the whole picture. */
  readonly x: number;
  readonly y: number;
  readonly milliseconds: number;
}

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array;
}

const signature = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Joins pictures into an animated PNG that repeats for ever. The pixels stay as they are compressed. (W3C, "Portable Network Graphics (PNG)
 * Specification, Third Edition", sections 5 and 11.3.6.)
 * @throws Error if there is no frame, or their kinds of pixels differ
 */
export function animatedPng(frames: readonly Frame[]): Uint8Array {
  const [first] = frames;
  if (!first) throw new Error("An animation needs a frame.");
  const header = chunkOf(first.png, "IHDR").data;
  let sequence = 0;
  const animation = frames.flatMap((frame, i): Chunk[] => {
    const own = chunkOf(frame.png, "IHDR").data;
    if (!Buffer.from(own.subarray(8)).equals(header.subarray(8))) throw new Error(`Frame ${i} has other pixels.`);
    const control: Chunk = { type: "fcTL", data: frameControl(own, sequence++, frame) };
    const data = chunksOf(frame.png).filter(({ type }) => type === "IDAT");
    // The first frame is also the picture that a program without animations shows.
    if (i === 0) return [control, ...data];
    return [control, ...data.map((chunk) => ({ type: "fdAT", data: Buffer.concat([number(sequence++), chunk.data]) }))];
  });
  const chunks: Chunk[] = [
    { type: "IHDR", data: header },
    { type: "acTL", data: Buffer.concat([number(frames.length), number(0)]) },
    ...animation,
    { type: "IEND", data: new Uint8Array() },
  ];
  return Buffer.concat([signature, ...chunks.map(encoded)]);
}

/** The chunks of a PNG file. */
export function chunksOf(png: Uint8Array): Chunk[] {
  const bytes = Buffer.from(png);
  const chunks: Chunk[] = [];
  for (let at = signature.length; at < bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const start = at + 8;
    chunks.push({ type: bytes.toString("latin1", at + 4, start), data: bytes.subarray(start, start + length) });
    at = start + length + 4;
  }
  return chunks;
}

function chunkOf(png: Uint8Array, type: string): Chunk {
  const found = chunksOf(png).find((chunk) => chunk.type === type);
  if (!found) throw new Error(`The picture has no chunk ${type}.`);
  return found;
}

/** A frame of the size that its header begins with, which replaces what is below it. */
function frameControl(header: Uint8Array, sequence: number, { x, y, milliseconds }: Frame): Uint8Array {
  const delay = Buffer.alloc(4);
  delay.writeUInt16BE(milliseconds, 0);
  delay.writeUInt16BE(1000, 2);
  return Buffer.concat([number(sequence), header.subarray(0, 8), number(x), number(y), delay, Uint8Array.of(0, 0)]);
}

function encoded({ type, data }: Chunk): Uint8Array {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  return Buffer.concat([number(data.length), body, number(crc32(body))]);
}

function number(value: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
