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
kept. The held-out bits were still falling at the end. On two CPU cores, \`npm run train:default\` trains the same network, slowly. This page is made by \`npm run model:card\`.

## Held-out bits per character, by language

The first ${mostMeasured.toLocaleString("en")} characters of each file, with nothing known of the rest of its package. The mean over the languages is ${mean.toFixed(3)}.
Languages of which nothing is held out are not in the table.

| language | trained on, characters | held out, characters | bits per character |
| --- | ---: | ---: | ---: |
${rows.map((row) => `| ${row.language} | ${row.trainChars.toLocaleString("en")} | ${row.heldOutChars.toLocaleString("en")} | ${row.bits.toFixed(3)} |`).join("\n")}

## mixing.bin

The weights with which the network's predictions and the local model's are mixed at first, and what the local model's counts mean.
Fitted by \`npm run fit:mixture\` with this network, on the packages that are held out from its training. Some files of each are typed
after reading nothing, a little of the rest, all of the rest, or another package of the language. Half of the words that only one package
has are replaced by invented ones, because the names of private code are in no published text.

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
