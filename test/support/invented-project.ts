import { Random } from "../../src/random.ts";

const beginnings = ["zor", "qua", "wib", "fro", "glim", "plo", "snar", "tru", "yel", "vox", "krim", "dru"];
const ends = ["ble", "quux", "nicate", "ster", "mble", "dle", "wick", "lup", "rax", "fen", "gle", "mond"];

/**
 * The files of a project whose words no one has published. Its functions are alike but no two are the same, so that a network that was
 * trained on some of them helps where others are written, even beside a local model that has read them.
 */
export function inventedProject(count: number): Record<string, string> {
  const random = new Random(1);
  const of = (parts: readonly string[]): string => parts[random.below(parts.length)] ?? "";
  const word = (): string => of(beginnings) + of(ends);
  const hump = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);
  const part = (): string => {
    const [name, list, item] = [word() + hump(word()), word(), word()];
    return `export function ${name}(${list}s) {
  const ${item} = ${list}s.${word()}("${word()}", ${random.below(100)});
  return frobnicate(${item}.${word()}, ${list}s.${word()}${hump(word())});
}
`;
  };
  return Object.fromEntries(
    Array.from({ length: count }, (_, i) => [`src/part${i}.js`, Array.from({ length: 14 }, part).join("\n")]),
  );
}
