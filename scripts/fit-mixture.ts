import { writeFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { encodeParameters } from "../src/completion/prediction/mixing-parameters.ts";
import { Mixture } from "../src/completion/prediction/mixture.ts";
import { bytesOf } from "../src/completion/text.ts";
import type { TextFile } from "../src/corpus/text-source.ts";
import { LanguageModel } from "../src/model/language-model.ts";
import { Random } from "../src/random.ts";
import { writeChecksums } from "./checksums.ts";
import { type HeldOutPackage, heldOutPackages, limited } from "./held-out-packages.ts";
import { withInventedWords } from "./invented-words.ts";
import { learnToMix, trainNetwork } from "./mixing-training.ts";
import { distributionsOf, type RecordedText, readText, recordPassages, recordText } from "./recorded-texts.ts";

// npm run fit:mixture [OUT]: fits the mixing weights, models/mixing.bin, on the packages that are held out from the default model's
// training. Some files of each package are typed, each from the same state: after reading nothing, a little of the rest of the package, all
// of it, or another package of its language. Passages of them are also typed into the rest of their file, as edits are. First it is learned
// how far to trust the counts, then what the mixer sees is recorded, and then the mixing network and the linear mixers are fitted to the
// records.

type Distributions = ReadonlyMap<TextFile, readonly Float32Array[]>;

const root = join(import.meta.dirname, "..");
/** Characters of a package that are typed in each condition, at most, and of each of its files. */
const typedChars = 16_000;
const fileChars = 8_000;
/** Characters that are read before, at most. */
const readChars = 400_000;
/** The same, and the characters typed, to learn how far to trust the counts before anything is recorded. */
const trustedReadChars = 100_000;
const trustedChars = 4_000;
/** Characters read in the sparse condition: a few open documents and no folder. */
const littleChars = 8_000;
/** Characters of each condition that are also recorded without the network. */
const localChars = 2_000;
/** Characters of each file whose passages are typed into the rest of it, at most. */
const editedChars = 20_000;
const passes = 2;

const packages = withInventedWords(await heldOutPackages(Number.POSITIVE_INFINITY));
const mixture = new Mixture();
const random = new Random(2);
const empty = mixture.snapshot();
for (const one of packages) {
  for (const read of conditionsOf(one)) typeEach(limited(one.typed, trustedChars), limited(read, trustedReadChars));
  editEach(limited(one.typed, 2 * trustedChars), limited(one.given, trustedReadChars));
  console.error(`counts: ${one.name}`);
}

const model = await LanguageModel.load(join(root, "models/default.onnx"), { threads: availableParallelism() });
const groups: RecordedText[][] = [];
for (const one of packages) {
  const typed = limited(one.typed, typedChars, fileChars);
  const network = await distributionsOfEach(typed);
  for (const read of conditionsOf(one)) {
    groups.push(typeEach(typed, limited(read, readChars), network));
  }
  const edited = limited(one.typed, 4 * typedChars, editedChars);
  groups.push(editEach(edited, limited(one.given, readChars), await distributionsOfEach(edited)));
  console.error(`recorded: ${one.name}`);
}
await model.release();

trainNetwork(mixture.mixer, groups.flat());
mixture.mixer.startFromMixingNetwork();
for (let pass = 0; pass < passes; pass++) {
  const bits = learnToMix(mixture.mixer, random.shuffle([...groups]).flat());
  console.error(`mixed, ${pass + 1}: ${bits.toFixed(3)} bits per byte`);
}
const out = process.argv[2];
await writeFile(out ?? join(root, "models/mixing.bin"), encodeParameters(mixture));
if (out === undefined) await writeChecksums();

/** What is read before in each condition. */
function conditionsOf(one: HeldOutPackage): (readonly TextFile[])[] {
  const language = one.name.split("/")[0];
  const ofLanguage = packages.filter(({ name }) => name.split("/")[0] === language);
  const other = ofLanguage[(ofLanguage.indexOf(one) + 1) % ofLanguage.length];
  return [[], limited(one.given, littleChars), one.given, ...(other && other !== one ? [other.given] : [])];
}

/** Types each text after the others were read, and some of them also without the network. */
function typeEach(typed: readonly TextFile[], read: readonly TextFile[], network?: Distributions): RecordedText[] {
  const afterReading = readFirst(read);
  const type = (file: TextFile, distributions?: readonly Float32Array[]): RecordedText =>
    afterReading(() => recordText(mixture, file, distributions));
  return [
    ...typed.map((file) => type(file, network?.get(file))),
    ...(network ? limited(typed, localChars).map((file) => type(file)) : []),
  ];
}

/** Types passages of each text into the rest of it, after the others were read. */
function editEach(edited: readonly TextFile[], read: readonly TextFile[], network?: Distributions): RecordedText[] {
  const afterReading = readFirst(read);
  return edited.map((file) => afterReading(() => recordPassages(mixture, file, random, network?.get(file))));
}

/** Reads texts, and nothing else. @returns a function that records something each time from the state after that */
function readFirst(read: readonly TextFile[]): (record: () => RecordedText) => RecordedText {
  mixture.restoreContents(empty);
  for (const file of read) readText(mixture, file);
  const before = mixture.snapshot();
  return (record) => {
    mixture.restoreContents(before);
    return record();
  };
}

/** The network's distributions of each text, as {@link distributionsOf} gives them. */
async function distributionsOfEach(files: readonly TextFile[]): Promise<Distributions> {
  const network = new Map<TextFile, readonly Float32Array[]>();
  for (const file of files) network.set(file, await distributionsOf(model, bytesOf(file.text)));
  return network;
}
