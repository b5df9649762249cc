import { MurmurError, messageOf } from "../errors.ts";
import { type EngineUnderTest, prepareEngine, type TextLike } from "./engine-under-test.ts";
import { type FileToMeasure, type MeasuredFile, type Measurement, measure } from "./measure.ts";

/** Messages to the worker: first what to measure, then one file after another. */
export type ToWorker =
  | { readonly kind: "prepare"; readonly measurement: Measurement }
  | { readonly kind: "file"; readonly file: FileToMeasure };

/** Messages from the worker: the progress of each file, now and then, and finally its result. */
export type FromWorker =
  | { readonly kind: "progress"; readonly offset: number }
  | { readonly kind: "result"; readonly result: Omit<MeasuredFile, keyof TextLike> }
  | { readonly kind: "failed"; readonly code: MurmurError["code"]; readonly message: string };

/** Milliseconds between two progress messages. */
const progressInterval = 200;

let prepared: Promise<{ readonly underTest: EngineUnderTest; readonly measurement: Measurement }> | undefined;
let reported = 0;

process.on("message", (message: ToWorker) => void answer(message));
// The run is over, or the parent process is gone.
process.on("disconnect", () => process.exit(0));

async function answer(message: ToWorker): Promise<void> {
  try {
    if (message.kind === "prepare") {
      prepared = prepare(message.measurement);
      await prepared;
    } else if (prepared) {
      const { underTest, measurement } = await prepared;
      send({ kind: "result", result: await measure(underTest, message.file, measurement, report) });
    }
  } catch (error) {
    const code = error instanceof MurmurError ? error.code : "evaluation-failed";
    send({ kind: "failed", code, message: messageOf(error) });
  }
}

async function prepare(
  measurement: Measurement,
): Promise<{ readonly underTest: EngineUnderTest; readonly measurement: Measurement }> {
  return { underTest: await prepareEngine(measurement.engine), measurement };
}

function report(offset: number): void {
  const now = performance.now();
  if (now - reported < progressInterval) return;
  reported = now;
  send({ kind: "progress", offset });
}

function send(message: FromWorker): void {
  process.send?.(message);
}
