import { setTimeout } from "node:timers/promises";
import { lockOutput } from "../../src/training/output-lock.ts";

/** What a test asks of a racer: to lock files, all at once, or to let go of those that it got. */
export type ToRacer = { readonly lock: readonly string[] } | "release";
/** What a racer answers: nothing but that it is done, or of each file whether it got the lock. */
export type FromRacer = "done" | readonly boolean[];

// A process that locks files when it is told to: `node lock-racer.ts`, or `node lock-racer.ts FILE` to hold one for a minute.
let locks: (AsyncDisposable | undefined)[] = [];

const [file] = process.argv.slice(2);
if (file === undefined) {
  process.on("message", (message: ToRacer) => void answer(message));
  process.on("disconnect", () => process.exit());
  tell("done");
} else {
  locks = [await lockOutput(file)];
  process.stdout.write("held\n");
  await setTimeout(60_000);
}

async function answer(message: ToRacer): Promise<void> {
  if (message === "release") {
    for (const lock of locks) await lock?.[Symbol.asyncDispose]();
    tell("done");
  } else {
    locks = await Promise.all(message.lock.map((path) => lockOutput(path).catch(() => undefined)));
    tell(locks.map((lock) => lock !== undefined));
  }
}

function tell(answer: FromRacer): void {
  process.send?.(answer);
}
