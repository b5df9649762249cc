import { createHash } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { MurmurError, messageOf } from "../errors.ts";
import { t } from "../l10n.ts";
import { writeWhole } from "../output-file.ts";
import type { BestState } from "./best.ts";
import type { HeldOut, WholeHeldOut } from "./events.ts";
import type { LearnerState } from "./learner.ts";
import { packed, unpacked } from "./packed.ts";

/** Everything that a run needs to continue as if it had never stopped. */
export interface Checkpoint {
  /** Key of the run that it belongs to; see RunPlan. */
  readonly run: string;
  readonly learner: LearnerState;
  /** Seconds of training so far. A run with a length in minutes continues its schedule from here. */
  readonly seconds: number;
  /** What the learning rates are multiplied with: 1 until a run has diverged. */
  readonly learningRateScale: number;
  readonly before: WholeHeldOut;
  /** Of the model that the run started from, on the sample. */
  readonly initial: HeldOut;
  readonly best: BestState;
}

const magic = "murmur-checkpoint-10\n";
const hashLength = 32;

/** Replaces the file by a whole checkpoint, which nobody else may read, or leaves it unchanged. @throws MurmurError ("storage") */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  const parts = packed(checkpoint);
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part);
  await writeWhole(path, Readable.from([Buffer.from(magic), hash.digest(), ...parts]), { isPrivate: true });
}

/** @returns undefined if there is none. @throws MurmurError ("bad-checkpoint") if it can't be read or is damaged. */
export async function readCheckpoint(path: string): Promise<Checkpoint | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new MurmurError(
      "bad-checkpoint",
      t("The checkpoint {0} can't be read ({1}). Fix the cause, or train without --resume.", path, messageOf(cause)),
      { cause },
    );
  }
  const body = bytes.subarray(magic.length + hashLength);
  const hash = bytes.subarray(magic.length, magic.length + hashLength);
  if (bytes.toString("latin1", 0, magic.length) !== magic || !createHash("sha256").update(body).digest().equals(hash)) {
    throw new MurmurError(
      "bad-checkpoint",
      t(
        "The checkpoint {0} is damaged or comes from another version of Murmur. Delete it, or train without --resume.",
        path,
      ),
    );
  }
  return unpacked(body) as Checkpoint;
}

export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
}
