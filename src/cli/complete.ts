import { Command } from "commander";
import { silences } from "../completion/engine.ts";
import { restOfLine } from "../completion/text.ts";
import { decodeBytes } from "../corpus/decode.ts";
import { learnableText } from "../corpus/learnable-text.ts";
import { readFiles } from "../corpus/load-corpus.ts";
import { isNotebook, notebookContent } from "../corpus/notebook.ts";
import { counter, type Skipped } from "../corpus/skipped.ts";
import { MurmurError, messageOf } from "../errors.ts";
import { prepareEngine, sources } from "../evaluation/engine-under-test.ts";
import { openRegular } from "../regular-file.ts";
import { defaultSettings } from "../server/settings.ts";
import { sayLeftOut } from "./left-out.ts";
import { defaultModelPath, integerOption, numberOption, printJson } from "./options.ts";

interface CompleteOptions {
  readonly model?: string;
  readonly given: readonly string[];
  readonly line?: number;
  readonly column?: number;
  readonly temperature: number;
  readonly maxCharacters: number;
  readonly json?: boolean;
}

/** `murmur complete FILE`: shows what Murmur would suggest at a position in a file. */
export function completeCommand(): Command {
  return new Command("complete")
    .description("show what Murmur would suggest at a position in a file")
    .argument("<file>", "the file to complete")
    .option("--model <file>", "model file (default: the model that comes with Murmur)")
    .option("--given <path...>", "files and folders that the local model reads first", [])
    .option("--line <line>", "line of the cursor, from 1 (default: the last line)", integerOption("--line", 1))
    .option(
      "--column <column>",
      "column of the cursor, from 1 (default: the end of the line)",
      integerOption("--column", 1),
    )
    .option(
      "--temperature <t>",
      "0 always gives the most likely text; higher values, up to 2, give more varied text",
      numberOption("--temperature", 0, 2),
      0,
    )
    .option(
      "--max-characters <n>",
      "length of the longest suggestion",
      integerOption("--max-characters", 2, 400),
      defaultSettings.maxCharacters,
    )
    .option("--json", "print one JSON object on standard output: suggestions, latencyMs, reason")
    .action(run);
}

async function run(file: string, options: CompleteOptions): Promise<void> {
  const text = await readText(file);
  const offset = offsetOf(text, file, options.line, options.column);
  const skipped: Skipped = {};
  const given = options.given.length === 0 ? [] : await readFiles(options.given, [], counter(skipped));
  sayLeftOut(skipped);
  const own = learnableText(text);
  const { engine, release } = await prepareEngine({
    modelPath: options.model ?? defaultModelPath(),
    given: given.filter((other) => other.text !== own),
    sources,
  });
  await engine.update(file, text);
  const start = performance.now();
  const { temperature, maxCharacters } = options;
  const { suggestion, silence } = await engine.suggest({ uri: file, text, offset, temperature, maxCharacters });
  const latencyMs = performance.now() - start;
  await release();
  if (options.json) {
    printJson({
      suggestions: suggestion ? [suggestion] : [],
      latencyMs,
      skipped,
      ...(silence && { reason: silences[silence] }),
    });
  } else if (suggestion) {
    process.stdout.write(`${suggestion.text}\n`);
    process.stderr.write(`probability ${suggestion.probability.toFixed(2)}, ${latencyMs.toFixed(1)} ms\n`);
  } else {
    process.stderr.write(`No suggestion: ${silences[silence]} (${latencyMs.toFixed(1)} ms).\n`);
  }
}

/**
 * The text of the file to complete, or of its cells if it is a notebook.
 * @throws MurmurError ("not-found") if the file can't be read; ("no-text") if it is not a text file
 */
async function readText(file: string): Promise<string> {
  const bytes = await bytesOf(file).catch((cause: unknown) => {
    throw new MurmurError("not-found", `The file ${file} can't be read (${messageOf(cause)}). Check the path.`, {
      cause,
    });
  });
  const decoded = await decodeBytes(bytes, true);
  if ("reason" in decoded)
    throw noText(file, decoded.reason === "binary" ? "is not a text file" : "is in an unknown encoding");
  const text = isNotebook(file) ? notebookContent(decoded.text)?.text : decoded.text;
  if (text === undefined) throw noText(file, "is a broken notebook");
  return text;
}

/** @throws Error if it can't be read, or is not a file: a FIFO or a device may have no end */
async function bytesOf(path: string): Promise<Buffer> {
  await using file = await openRegular(path);
  if (!file) throw new Error("it is not a file");
  return await file.first(file.size);
}

function noText(file: string, what: string): MurmurError {
  return new MurmurError("no-text", `The file ${file} ${what}. Choose a text file, preferably in UTF-8.`);
}

/**
 * The offset of a line and a column, both counted from 1. Columns are UTF-16 units, as in the editor.
 * @throws MurmurError ("bad-option") if the file has no such position
 */
function offsetOf(text: string, file: string, line: number | undefined, column: number | undefined): number {
  const starts = [0, ...Array.from(text.matchAll(/\r\n|\r|\n/g), (end) => end.index + end[0].length)];
  const number = line ?? starts.length;
  const start = starts[number - 1];
  if (start === undefined) {
    throw new MurmurError("bad-option", `--line is ${line}, but the last line of ${file} is ${starts.length}.`);
  }
  const end = start + restOfLine(text, start, Number.POSITIVE_INFINITY).length;
  const offset = column === undefined ? end : start + column - 1;
  if (offset <= end) return offset;
  throw new MurmurError(
    "bad-option",
    `--column is ${column}, but the last column of line ${number} of ${file} is ${end - start + 1}.`,
  );
}
