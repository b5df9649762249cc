/**
 * A random number in [0, 1) that depends only on the seed and the index, so that the order of draws does not matter. Splitmix32
 * with the index as its counter (Steele, Lea, Flood, "Fast Splittable Pseudorandom Number Generators", 2014).
 */
export function uniform(seed: number, index: number): number {
  return mix(mix(seed) + Math.imul(index + 1, 0x9e3779b9)) / 2 ** 32;
}

/** A seed from a text: its 32-bit FNV-1a hash. */
export function seedOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** A bijection of 32-bit integers in which every bit of the input affects every bit of the output. */
function mix(value: number): number {
  let z = value | 0;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return (z ^ (z >>> 15)) >>> 0;
}
