import { setTimeout } from "node:timers/promises";
import { DocumentText } from "../../completion/documents/document-text.ts";
import { refusedAsTyped } from "../../completion/documents/refused-lines.ts";
import type { CompletionEngine } from "../../completion/engine.ts";
import { isWritten } from "../../corpus/files.ts";
import { learnableText, publicLines } from "../../corpus/learnable-text.ts";
import { defaultSettings } from "../settings.ts";

/** A text of several kinds of lines, of which the end is typed. */
const text = `import { readFile } from "node:fs/promises";

export async function readLines(path: string): Promise<string[]> {
  const text = await readFile(path, "utf8");
  return text.split("\\n");
}

export async function readNumbers(path: string): Promise<number[]> {
  const lines = await readLines(path);
  return lines.map((line) => Number(line));
}
`;
/** Characters that are typed: enough for the program's code to be compiled. */
const typed = 60;
const uri = "murmur:warm-up.ts";
/** How often the text stands in one that is opened: for long texts, patterns are compiled in another way than for short ones. */
const longTimes = 8;
/** Milliseconds for each request; a user's request that comes meanwhile waits for one at most. */
const budget = 5;

/**
 * Types a little in a document that does not exist, so that most of the code of a keystroke is compiled before the first one, and
 * judges the text as a document that is opened. Learns nothing.
 * @param isWanted whether nobody types yet
 */
export async function warmUp(engine: CompletionEngine, isWanted: () => boolean): Promise<void> {
  try {
    for (let offset = text.length - typed; offset <= text.length && isWanted(); offset++) {
      const before = DocumentText.of(text.slice(0, offset));
      engine.see(uri, before);
      refusedAsTyped(publicLines, before, { from: text.lastIndexOf("\n", offset - 2) + 1, to: offset });
      await engine.suggest({
        uri,
        text: before,
        offset,
        temperature: 0,
        maxCharacters: defaultSettings.maxCharacters,
        budget,
      });
      await setTimeout(1);
    }
  } finally {
    await engine.close(uri);
  }
  // Patterns are compiled for each of the two ways in which characters are stored: up to Latin-1, and beyond.
  for (const opened of [text, `${text}// → …\n`].map((one) => one.repeat(longTimes))) {
    for (const judge of [isWritten, learnableText]) {
      if (!isWanted()) return;
      judge(opened);
      await setTimeout(1);
    }
  }
}
