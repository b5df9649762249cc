import { EventEmitter, once } from "node:events";
import { constants, setPriority } from "node:os";
import { charsOf } from "../corpus/corpus.ts";
import { loadCorpus } from "../corpus/load-corpus.ts";
import { counter, describeSkipped, type Skipped } from "../corpus/skipped.ts";
import type { TextSource } from "../corpus/text-source.ts";
import { MurmurError, messageOf } from "../errors.ts";
import { useLanguageOfParent } from "../l10n-bundles.ts";
import { ReadTexts } from "../model/read-texts.ts";
import type { JobEvent } from "./events.ts";
import type { TrainingOptions } from "./options.ts";
import { train } from "./trainer.ts";

/** What the process that forked the worker sends it. A paused run rests soon, and does not count the time. */
export type ToWorker =
  | { readonly kind: "train"; readonly options: TrainingOptions; readonly since: Since | undefined }
  | { readonly kind: "finish" | "pause" | "continue" }
  /** Whether somebody watches the run, and is shown what the network writes. */
  | { readonly kind: "watch"; readonly isWatched: boolean };

/** A run that is only worthwhile if enough of the text is new. */
export interface Since {
  /** The record (see ReadTexts) of the texts that an earlier run had. */
  readonly texts: string;
  /** The least share of the characters that must be in other texts. */
  readonly leastNew: number;
}

/** What the worker sends back. */
export type FromWorker =
  | { readonly kind: "event"; readonly event: JobEvent }
  | { readonly kind: "failed"; readonly code: MurmurError["code"]; readonly message: string };

const finish = new AbortController();
let isPaused = false;
let isWatched = false;
const continued = new EventEmitter();

useLanguageOfParent();
process.on("message", (message: ToWorker) => {
  switch (message.kind) {
    case "train":
      void run(message.options, message.since);
      break;
    case "pause":
      isPaused = true;
      break;
    case "finish":
      finish.abort();
      goOn();
      break;
    case "continue":
      goOn();
      break;
    case "watch":
      isWatched = message.isWatched;
  }
});
// The run is over, or the process that forked this one is gone and nobody waits for the result.
process.on("disconnect", () => process.exit());

function goOn(): void {
  isPaused = false;
  continued.emit("continue");
}

async function run(options: TrainingOptions, since: Since | undefined): Promise<void> {
  try {
    setPriority(constants.priority.PRIORITY_LOW);
    const skipped: Skipped = {};
    const corpus = await loadCorpus(options, counter(skipped));
    const all = [...corpus.train, ...corpus.heldOut];
    const texts = ReadTexts.of(all.map(({ sketch }) => sketch)).record;
    await send({ kind: "event", event: { kind: "chosen", leftOut: describeSkipped(skipped), texts } });
    if (since && shareOfNew(all, ReadTexts.from(since.texts)) < since.leastNew) {
      await send({ kind: "event", event: { kind: "unchanged" } });
    } else {
      for await (const event of train(corpus, options, finish.signal, () => isWatched)) {
        await send({ kind: "event", event });
        if (isPaused && !finish.signal.aborted) await once(continued, "continue");
      }
    }
  } catch (error) {
    const code = error instanceof MurmurError ? error.code : "training-failed";
    await send({ kind: "failed", code, message: messageOf(error) });
  }
  process.disconnect();
}

/** Roughly the share of the characters that are not in known texts. */
function shareOfNew(sources: readonly TextSource[], known: ReadTexts): number {
  const added = sources.reduce((sum, { chars, sketch }) => sum + chars * (1 - known.shareOf(sketch)), 0);
  return added / Math.max(1, charsOf(sources));
}

function send(message: FromWorker): Promise<void> {
  return new Promise((resolve) => {
    process.send?.(message, undefined, undefined, () => resolve());
  });
}
