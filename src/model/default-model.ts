import { existsSync } from "node:fs";
import { join } from "node:path";

/** Where the model that comes with Murmur lies, seen from dist/ and from src/model/; undefined if it is missing. */
export function findDefaultModel(): string | undefined {
  return ["..", join("..", "..")]
    .map((up) => join(import.meta.dirname, up, "models", "default.onnx"))
    .find((path) => existsSync(path));
}
