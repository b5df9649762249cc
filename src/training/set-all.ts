import { assert } from "../errors.ts";

/** Writes values over those that are there, array by array. */
export function setAll(arrays: readonly Float32Array[], values: readonly Float32Array[]): void {
  arrays.forEach((array, i) => {
    const by = values[i];
    assert(by?.length === array.length, "what is restored has the length of what it replaces");
    array.set(by);
  });
}
