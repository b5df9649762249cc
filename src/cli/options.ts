import { MurmurError } from "../errors.ts";
import { findDefaultModel } from "../model/shipped.ts";

/**
 * Returns a parser for an option whose value is a number.
 * @throws MurmurError ("bad-option") from the parser; the message names the option, its range and the given value
 */
export function numberOption(option: string, least: number, most: number): (value: string) => number {
  return (value) => {
    const parsed = value.trim() === "" ? Number.NaN : Number(value);
    if (parsed >= least && parsed <= most) return parsed;
    throw new MurmurError(
      "bad-option",
      `${option} is ${JSON.stringify(value)}; it must be ${rangeText("a number", least, most)}.`,
    );
  };
}

/** Like {@link numberOption}, for whole numbers. */
export function integerOption(
  option: string,
  least: number,
  most = Number.MAX_SAFE_INTEGER,
): (value: string) => number {
  return (value) => {
    const parsed = value.trim() === "" ? Number.NaN : Number(value);
    if (Number.isInteger(parsed) && parsed >= least && parsed <= most) return parsed;
    throw new MurmurError(
      "bad-option",
      `${option} is ${JSON.stringify(value)}; it must be ${rangeText("a whole number", least, most)}.`,
    );
  };
}

/** The model to use if none is named. @throws MurmurError ("not-found") if it is missing. */
export function defaultModelPath(): string {
  const path = findDefaultModel();
  if (path) return path;
  throw new MurmurError(
    "not-found",
    'The default model (models/default.onnx) is missing. Name a model with --model FILE, or train one with "murmur train".',
  );
}

/** Prints a command's result for other programs: one JSON object on standard output. */
export function printJson(result: Readonly<Record<string, unknown>>): void {
  process.stdout.write(`${JSON.stringify(result)}\n`);
}

function rangeText(kind: string, least: number, most: number): string {
  if (most === Number.MAX_SAFE_INTEGER) return `${kind}, ${least} or more`;
  return `${kind} from ${least} to ${most}`;
}
