import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import * as z from "zod";
import { writeWhole } from "../../output-file.ts";

/** What is noted about a model besides its file. */
export interface ModelLabel {
  /** The name that the user gave it. */
  readonly name?: string | undefined;
  /** The name of the file that it was installed from. */
  readonly file?: string | undefined;
}

const label = z.object({ name: z.string().optional(), file: z.string().optional() });
const stored = z.record(z.string(), label);

/** Labels of models, by the contents of their files: a model keeps its label when it is replaced and restored. */
export class ModelLabels {
  readonly path: string;

  /** @param path of the file that keeps them */
  constructor(path: string) {
    this.path = path;
  }

  /** @param bytes of the model's file */
  async of(bytes: Uint8Array): Promise<ModelLabel> {
    return (await this.#read())[hashOf(bytes)] ?? {};
  }

  /** Changes a label. @throws MurmurError ("storage") */
  async change(bytes: Uint8Array, change: ModelLabel): Promise<void> {
    const all = await this.#read();
    const hash = hashOf(bytes);
    await writeWhole(this.path, `${JSON.stringify({ ...all, [hash]: { ...all[hash], ...change } }, undefined, 2)}\n`);
  }

  /** The labels; none if the file is missing or damaged: they are no more than names. */
  async #read(): Promise<Readonly<Record<string, ModelLabel>>> {
    try {
      return stored.parse(JSON.parse(await readFile(this.path, "utf8")));
    } catch {
      return {};
    }
  }
}

function hashOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}
