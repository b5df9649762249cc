import { existsSync } from "node:fs";
import { join } from "node:path";

/** The path of a file in models/ that comes with Murmur, for code in dist/ and in src/model/; undefined if it is missing. */
export function findShipped(name: string): string | undefined {
  return ["..", join("..", "..")]
    .map((up) => join(import.meta.dirname, up, "models", name))
    .find((path) => existsSync(path));
}

/** The model that comes with Murmur. */
export function findDefaultModel(): string | undefined {
  return findShipped("default.onnx");
}
