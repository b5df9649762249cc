import { readFile } from "node:fs/promises";
import * as z from "zod";
import { messageOf } from "../../errors.ts";
import { writeWhole } from "../../output-file.ts";
import type { PastRun } from "../training-protocol.ts";

const mostRuns = 50;

const figures = z.object({
  bitsPerChar: z.number(),
  mixed: z.number().exactOptional(),
  acceptedShare: z.number().exactOptional(),
});

const schema = z.array(
  z.object({
    ended: z.iso.datetime(),
    files: z.number(),
    characters: z.number(),
    seconds: z.number(),
    outcome: z.enum(["installed", "kept", "cancelled", "failed"]),
    before: figures.exactOptional(),
    after: figures.exactOptional(),
  }),
);

/** The file that lists the last runs of a workspace: counts and figures, no text. */
export class PastRuns {
  readonly #path: string;
  readonly #log: { warn(message: string): void };

  constructor(path: string, log: { warn(message: string): void }) {
    this.#path = path;
    this.#log = log;
  }

  /** The runs, the last first. A damaged file counts as empty, which the log says. */
  async list(): Promise<readonly PastRun[]> {
    let contents: string;
    try {
      contents = await readFile(this.#path, "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") this.#ignore(messageOf(error));
      return [];
    }
    try {
      return schema.parse(JSON.parse(contents));
    } catch {
      this.#ignore("it is damaged");
      return [];
    }
  }

  /** Adds a run, and drops the oldest of too many. If the list can't be written, the log says so. @returns the runs, the last first */
  async add(run: PastRun): Promise<readonly PastRun[]> {
    const runs = schema.parse([run, ...(await this.list())].slice(0, mostRuns));
    try {
      await writeWhole(this.#path, JSON.stringify(runs), { isPrivate: true });
    } catch (error) {
      this.#log.warn(`The list of past runs can't be kept: ${messageOf(error)}`);
    }
    return runs;
  }

  #ignore(why: string): void {
    this.#log.warn(`The list of past runs, ${this.#path}, can't be read (${why}). The next run begins a new one.`);
  }
}
