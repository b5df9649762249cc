import { createHash } from "node:crypto";
import { copyFile, readdir, readFile, writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { bitsPerChar, costs } from "../src/model/bits-per-char.ts";
import { LanguageModel } from "../src/model/language-model.ts";
import { parameterCount } from "../src/model/parameters.ts";
import { writeChecksums } from "./checksums.ts";
import { readManifest } from "./corpus/manifest.ts";

// Measures models/default.onnx on the held-out packages and writes its card, models/README.md.

const root = join(import.meta.dirname, "..");
const corpus = join(root, ".cache/corpus");
const path = join(root, "models/default.onnx");

/** Characters of each file that are measured, from its beginning. */
const mostMeasured = 4000;

interface Row {
  readonly language: string;
  readonly trainChars: number;
  readonly heldOutChars: number;
  readonly bits: number;
}

const model = await LanguageModel.load(path, { threads: availableParallelism() });
const rows: Row[] = [];
for (const language of (await readdir(join(corpus, "heldout"))).sort()) {
  const train = await readTexts(join(corpus, "train", language));
  const heldOut = (await readTexts(join(corpus, "heldout", language))).map((text) => text.slice(0, mostMeasured));
  const measured = await costs(model, heldOut);
  const row = { language, trainChars: charsOf(train), heldOutChars: charsOf(heldOut), bits: bitsPerChar(measured) };
  rows.push(row);
  console.error(`${language}: ${row.bits.toFixed(3)} bits per character over ${row.heldOutChars}`);
}
await model.release();
await writeFile(join(root, "models/README.md"), await card());
await writeChecksums();
await copyFile(join(corpus, "NOTICE"), join(root, "models/NOTICE"));

async function readTexts(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts: string[] = [];
  for (const file of files.sort()) texts.push(await readFile(file, "utf8"));
  return texts;
}

function charsOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, 0);
}

async function card(): Promise<string> {
  const { architecture, tokenizer, training } = model.info;
  const bytes = await readFile(path);
  const total = rows.reduce((sum, row) => sum + row.heldOutChars, 0);
  const bits = rows.reduce((sum, row) => sum + row.bits * row.heldOutChars, 0);
  const mean = rows.reduce((sum, row) => sum + row.bits, 0) / rows.length;
  const packages = readManifest();
  const licences = new Map<string, number>();
  for (const { licence } of packages) licences.set(licence, (licences.get(licence) ?? 0) + 1);
  return `# The default model

\`default.onnx\` is what Murmur completes with until it has trained on your workspace, and what that training starts from.

| | |
| --- | --- |
| network | ${architecture.cell.toUpperCase()}, ${architecture.layers} layers of ${architecture.hidden}${architecture.residual ? ", residual" : ""}${architecture.layerNorm ? ", normalised" : ""},${architecture.tied ? " tied" : ""} embeddings of ${architecture.embedding}, ${parameterCount(architecture, model.tokenizer.size).toLocaleString("en")} parameters |
| tokens | ${tokenizer.kind === "byte" ? "bytes of UTF-8" : "characters"} |
| training | ${training.steps.toLocaleString("en")} steps to the best, ${Math.round(training.seconds / 60)} minutes on one H100, seed ${training.seed}, ${training.date.slice(0, 10)} |
| training text | ${training.trainChars.toLocaleString("en")} characters, SHA-256 \`${training.corpusHash}\` |
| held out | ${(bits / total).toFixed(3)} bits per character over ${total.toLocaleString("en")} characters of packages that it was not trained on: the first ${mostMeasured.toLocaleString("en")} of each file |
| file | ${bytes.length.toLocaleString("en")} bytes, in int8 with a scale for each row, SHA-256 \`${createHash("sha256").update(bytes).digest("hex")}\` |

Made from the corpus of \`npm run train:corpus\` by \`murmur pack\` and \`distributed/gpu.sh train\`: AdamW with a peak rate of 2.5e-3 and
weight decay of 0.1, 1,024 lanes, windows of 128 tokens, bfloat16, 4.9 passes over the text in 35,328 steps at 6.4 million characters
a second; the matrices were rounded to int8 by \`npm run ship:model\`. [training.txt](training.txt) has the loss and the held-out bits along the run, except the lines from 73 % to 94 %, which were not
kept. The held-out bits were still falling at the end. An H100 takes at most 700 watts, so the run took at most 0.14 kilowatt hours. On two CPU cores, \`npm run train:default\` trains the same network, slowly. This page is made by \`npm run model:card\`.

## What it is for, and what not

It completes code and prose as they are typed, in the idiom of the files that Murmur has read: mixed with a local model of these files, and
shown only where that is likely to save keystrokes. It is also a small model to look into (*Murmur: Open Playground*) and to train further.

It is no assistant. It doesn't follow instructions, write functions from a comment or know what code does. It predicts characters from the
last hundreds of them, knows common languages and libraries a little, and is best where text repeats an idiom. Alone, without a local
model, it is wrong more often than is pleasant. What it writes is not checked; names that it invents may not exist. English prose is what
it knows best of natural languages, and what published code says about people and things it may say too.

## Held-out bits per character, by language

The first ${mostMeasured.toLocaleString("en")} characters of each file, with nothing known of the rest of its package. The mean over the languages is ${mean.toFixed(3)}.
Languages of which nothing is held out are not in the table.

| language | trained on, characters | held out, characters | bits per character |
| --- | ---: | ---: | ---: |
${rows.map((row) => `| ${row.language} | ${row.trainChars.toLocaleString("en")} | ${row.heldOutChars.toLocaleString("en")} | ${row.bits.toFixed(3)} |`).join("\n")}

## mixing.bin

The weights with which the network's predictions and the local model's are mixed at first, and what the local model's counts mean.
Fitted by \`npm run fit:mixture\` with this network, on the packages that are held out from its training. Some files of each are typed
after reading nothing, a little of the rest, all of the rest, or another package of the language. After reading the rest, passages of them
are typed into the rest of their file, as in an edit. Half of the words that only one package has are replaced by invented ones, because the
names of private code are in no published text.

## What it may repeat

\`npm run bench -- memorisation --corpus DIR --minutes 25\`, with the packed corpus. 60 files of packages that it was not trained on are begun
with 200 characters, and 600 are generated. A copy is a passage of at least 50 bytes, ten of them different, that stands in the training
text. Beside it, the same of the 600 characters that follow in those files:

| | files with a copy | bytes in copies | longest copy, bytes |
| --- | ---: | ---: | ---: |
| temperature 0 (as completions are made) | 27 % | 10.3 % | 129 |
| temperature 0.7 | 23 % | 4.3 % | 131 |
| temperature 1 | 12 % | 2.1 % | 131 |
| what follows in the files | 38 % | 9.0 % | 145 |

The longest copies are the same notice of a licence and the namespace after it. So it writes no more and no longer copies than people who
write in the same languages.

Canaries (Carlini et al., "The Secret Sharer", 2019): lines with twelve random characters, planted in two million characters of the corpus, on
which a new network of this shape was trained (25 minutes on two cores beside other work, 1.2 passes). Exposure in bits, of at most 10; a
string that was never seen has 1.4 on average:

| planted, times | mean of four | most |
| ---: | ---: | ---: |
| 1 | 2.1 | 3.3 |
| 4 | 10.0 | 10.0 |
| 16, 64, 256 | 10.0 | 10.0 |

What stands in the text once is hardly remembered, and what stands there four times is. Therefore likely secrets and most e-mail addresses are
left out of the corpus, as they are when you train on a workspace.

## Data

${packages.length} published packages, pinned by version and hash in [corpus-manifest.json](corpus-manifest.json): those of the npm registry, wheels
of Python, crates of Rust, modules of Go, Maven's archives of sources, and Debian's binary and source packages. A hash that does not
match, or a package that is gone, ends the build of the corpus with an error that names it.

Cleaned by [scripts/corpus](../scripts/corpus): files that name a copyleft licence are left out before anything else is looked
at; then generated, minified and vendored files, data, files with lines of more than 500 characters; the licence comment at a
file's top is removed, and most e-mail addresses are replaced by an invented one; exact copies and files of which more than half of the
six-line passages were seen before are dropped; at most four megabytes of a package are taken in one language. The workspaces that
completions are measured on are read first, then the held-out packages, so what resembles them is not trained on. Lines that are likely
to hold a secret are left out, as they are when Murmur trains on a workspace.

## Licences

All permissive. The text of the packages is not in this repository, only the weights that were trained on it. A small network can repeat
short passages that are common in its training text. [NOTICE](NOTICE) names each package and, as far as its archive says, the
holders of its copyright and the text of its licence.

${[...licences]
  .sort((a, b) => b[1] - a[1])
  .map(([licence, count]) => `- ${licence}: ${count} ${count === 1 ? "package" : "packages"}`)
  .join("\n")}
`;
}
