import { assert } from "../errors.ts";

/** Overwrites arrays with the values of others of the same lengths. */
export function setAll(arrays: readonly Float32Array[], values: readonly Float32Array[]): void {
  arrays.forEach((array, i) => {
    const by = values[i];
    assert(by?.length === array.length, "restored arrays have the lengths of those that they replace");
    array.set(by);
  });
}
