import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MurmurError } from "../errors.ts";
import { t } from "../l10n.ts";
import { readModelFile } from "./model-file.ts";

/** The path of a file in models/ that comes with Murmur, for code in dist/ and in src/model/; undefined if it is missing. */
export function findShipped(name: string): string | undefined {
  return ["..", join("..", "..")]
    .map((up) => join(import.meta.dirname, up, "models", name))
    .find((path) => existsSync(path));
}

const defaultModel = "default.onnx";

/** The path of the model that comes with Murmur; undefined if it is missing. */
export function findDefaultModel(): string | undefined {
  return findShipped(defaultModel);
}

/**
 * The model that comes with Murmur: its path, and its bytes, which are compared with models/SHA256SUMS.
 * @throws MurmurError ("not-found") if it is missing; ("bad-model") if it is not the file that was shipped
 */
export async function checkedDefaultModel(): Promise<{ readonly path: string; readonly bytes: Uint8Array }> {
  const path = findDefaultModel();
  if (path === undefined) {
    throw new MurmurError(
      "not-found",
      t("The default model, models/{0}, is missing. Install Murmur again, or train on the workspace.", defaultModel),
    );
  }
  const sums = findShipped("SHA256SUMS");
  const bytes = await readModelFile(path);
  const line = `${createHash("sha256").update(bytes).digest("hex")}  ${defaultModel}`;
  if (sums !== undefined && (await readFile(sums, "utf8")).split("\n").includes(line)) return { path, bytes };
  throw new MurmurError(
    "bad-model",
    sums === undefined
      ? t(
          "The default model, {0}, can't be checked: SHA256SUMS beside it is missing. Install Murmur again, or train on the workspace.",
          path,
        )
      : t(
          "The default model, {0}, is not the file that Murmur came with. Install Murmur again, or train on the workspace.",
          path,
        ),
  );
}
