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

/** The message of anything thrown, without its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Throws if an internal invariant does not hold; never for user input. */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Internal error: ${message}`);
}
