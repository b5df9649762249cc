import { sep } from "node:path";
import { Option } from "commander";
import { MurmurError } from "../errors.ts";
import { findDefaultModel } from "../model/shipped.ts";
import { defaultTrainingOptions as defaults } from "../training/options.ts";

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

/** Returns a parser for an option that names a file. @throws MurmurError ("bad-option") from the parser if the value names a folder */
export function fileOption(option: string): (value: string) => string {
  return (value) => {
    if (!value.endsWith("/") && !value.endsWith(sep)) return value;
    throw new MurmurError("bad-option", `${option} is ${JSON.stringify(value)}, which names a folder. Name a file.`);
  };
}

/** The option of the commands that split a corpus. Its value is a share or a path. */
export function heldOutOption(): Option {
  return new Option("--held-out <share|path>", "share of the text to evaluate on, or a path to the files")
    .default(defaults.heldOut)
    .argParser(shareOrPath);
}

function shareOrPath(value: string): number | string {
  const share = Number(value);
  if (value.trim() === "" || Number.isNaN(share)) return value;
  if (share > 0 && share <= 0.9) return share;
  throw new MurmurError("bad-option", `--held-out is ${value}; it must be a share above 0 and at most 0.9, or a path.`);
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
