/** The kind of error. Codes are stable, for callers that must distinguish errors. */
export type ErrorCode =
  | "bad-option"
  | "bad-model"
  | "bad-checkpoint"
  | "bad-memory"
  | "bad-corpus"
  | "no-runtime"
  | "no-text"
  | "not-found"
  | "storage"
  | "busy"
  | "training-failed"
  | "evaluation-failed"
  | "cancelled";

/** An error meant for a person: the message says what was wrong, with what, and what to do. */
export class MurmurError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MurmurError";
    this.code = code;
  }
}

/**
 * The message of anything thrown, without its stack. Where closing a file or the like failed after another error, that of the first one:
 * it is why the other came about.
 */
export function messageOf(error: unknown): string {
  // By its property: Node 20 has no class SuppressedError, and bundled code brings its own.
  if (error instanceof Error && "suppressed" in error) return messageOf(error.suppressed);
  return error instanceof Error ? error.message : String(error);
}

/** What a process that has ended printed last, for a log; undefined if the error is another one, or it printed nothing. */
export function printedBefore(error: unknown): string | undefined {
  return error instanceof MurmurError && typeof error.cause === "string" && error.cause !== ""
    ? error.cause
    : undefined;
}

/** Throws if an internal invariant does not hold; never for user input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`);
}
