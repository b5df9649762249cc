import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where a file of models/ that comes with Murmur lies, seen from dist/ and from src/model/; undefined if it is missing. */
export function findShipped(name: string): string | undefined {
  return ["..", join("..", "..")]
    .map((up) => join(import.meta.dirname, up, "models", name))
    .find((path) => existsSync(path));
}

/** The model that comes with Murmur. */
export function findDefaultModel(): string | undefined {
  return findShipped("default.onnx");
}
