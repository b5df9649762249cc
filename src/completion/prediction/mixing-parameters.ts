import { readFile } from "node:fs/promises";
import { MurmurError } from "../../errors.ts";
import { t } from "../../l10n.ts";
import { findShipped } from "../../model/shipped.ts";
import type { Mixture } from "./mixture.ts";

/** The number must be raised whenever the meaning of the parameters changes: contexts, inputs, selectors. */
const magic = "murmur-mixing-4\n";

/** Encodes a mixture's parameters: the length and elements of each array, little-endian. */
export function encodeParameters(mixture: Mixture): Uint8Array {
  const parts: Uint8Array[] = [Buffer.from(magic)];
  for (const array of mixture.fitted) {
    parts.push(new Uint8Array(Uint32Array.of(array.byteLength).buffer));
    parts.push(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
  }
  return Buffer.concat(parts);
}

/**
 * Sets a mixture's parameters from the bytes that {@link encodeParameters} gave.
 * @param name the file's name, for the error message
 * @throws MurmurError ("bad-model") if the bytes are incomplete or come from another version of Murmur
 */
export function decodeParameters(mixture: Mixture, bytes: Uint8Array, name: string): void {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = magic.length;
  let isGood = buffer.toString("latin1", 0, at) === magic;
  for (const array of mixture.fitted) {
    const length = isGood && at + 4 <= buffer.length ? buffer.readUInt32LE(at) : -1;
    isGood = length === array.byteLength && at + 4 + length <= buffer.length;
    if (!isGood) break;
    new Uint8Array(array.buffer, array.byteOffset, length).set(buffer.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  if (isGood) return;
  throw new MurmurError(
    "bad-model",
    t(
      'The mixing weights {0} are incomplete or come from another version of Murmur. Reinstall Murmur, or fit them again with "npm run fit:mixture".',
      name,
    ),
  );
}

/** Loads the parameters that are shipped with Murmur. @throws MurmurError ("not-found", "bad-model") */
export async function loadParameters(mixture: Mixture): Promise<void> {
  const path = findShipped("mixing.bin");
  if (path === undefined) {
    throw new MurmurError("not-found", t("The mixing weights (models/mixing.bin) are missing. Reinstall Murmur."));
  }
  decodeParameters(mixture, await readFile(path), path);
}
