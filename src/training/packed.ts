import { DefaultDeserializer, DefaultSerializer } from "node:v8";
import { assert } from "../errors.ts";

const kinds = [Float32Array, Int32Array, Uint32Array] as const;
const bytesPerElement = 4;

/**
 * A value as a list of parts to write one after the other: its structure, then the arrays of numbers in it. The arrays are not copied:
 * a copy of them all would be the largest object in memory.
 */
export function packed(value: unknown): Uint8Array[] {
  const structure = new StructureOf();
  structure.writeHeader();
  structure.writeValue(value);
  const written = structure.releaseBuffer();
  const length = Buffer.alloc(4);
  length.writeUInt32LE(written.length);
  return [length, written, ...structure.arrays];
}

/** The value that {@link packed} made these bytes of. */
export function unpacked(bytes: Uint8Array): unknown {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);
  const structure = new StructureFrom(bytes.subarray(4, start), bytes.subarray(start));
  structure.readHeader();
  return structure.readValue();
}

class StructureOf extends DefaultSerializer {
  readonly arrays: Uint8Array[] = [];

  _writeHostObject(view: NodeJS.ArrayBufferView): void {
    const kind = kinds.findIndex((known) => view instanceof known);
    assert(kind >= 0, "only arrays of 32-bit numbers can be packed");
    this.writeUint32(kind);
    this.writeUint32(view.byteLength / bytesPerElement);
    this.arrays.push(new Uint8Array(view.buffer, view.byteOffset, view.byteLength));
  }
}

class StructureFrom extends DefaultDeserializer {
  readonly #arrays: Uint8Array;
  #at = 0;

  constructor(structure: Uint8Array, arrays: Uint8Array) {
    super(structure);
    this.#arrays = arrays;
  }

  _readHostObject(): unknown {
    const Kind = kinds[this.readUint32()];
    const end = this.#at + this.readUint32() * bytesPerElement;
    assert(Kind, "packed arrays are of known kinds");
    const own = Uint8Array.from(this.#arrays.subarray(this.#at, end));
    this.#at = end;
    return new Kind(own.buffer);
  }
}
