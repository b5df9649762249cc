import { readFile } from "node:fs/promises";
import { MurmurError } from "../../errors.ts";
import { findShipped } from "../../model/shipped.ts";
import type { Mixture } from "./mixture.ts";

/** To be raised whenever what the parameters mean changes: contexts, inputs, selectors. */
const magic = "murmur-mixing-1\n";

/** The bytes of a mixture's parameters: each array's length and elements, little-endian. */
export function encodeParameters(mixture: Mixture): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(magic)];
  for (const array of mixture.parameters) {
    parts.push(new Uint8Array(Uint32Array.of(array.byteLength).buffer));
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return Buffer.concat(parts);
}

/**
 * Sets a mixture's parameters to what {@link encodeParameters} wrote.
 * @param name the file, for the message
 * @throws MurmurError ("bad-model") if they are of another version of Murmur, or cut
 */
export function decodeParameters(mixture: Mixture, bytes: Uint8Array, name: string): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = magic.length;
  let isGood = buffer.toString("latin1", 0, at) === magic;
  for (const array of mixture.parameters) {
    const length = isGood && at + 4 <= buffer.length ? buffer.readUInt32LE(at) : -1;
    isGood = length === array.byteLength && at + 4 + length <= buffer.length;
    if (!isGood) break;
    new Uint8Array(array.buffer, array.byteOffset, length).set(buffer.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (isGood) return;
  throw new MurmurError(
    "bad-model",
    `The mixing weights ${name} are of another version of Murmur, or cut. Install Murmur again, or make them anew with "npm run fit:mixture".`,
  );
}

/** Gives a mixture the parameters that come with Murmur. @throws MurmurError ("not-found", "bad-model") */
export async function loadParameters(mixture: Mixture): Promise<void> {
  const path = findShipped("mixing.bin");
  if (path === undefined) {
    throw new MurmurError("not-found", "The mixing weights (models/mixing.bin) are missing. Install Murmur again.");
  }
  decodeParameters(mixture, await readFile(path), path);
}
