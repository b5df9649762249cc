import { loadCorpus } from "../../src/corpus/load-corpus.ts";
import { defaultTrainingOptions } from "../../src/training/options.ts";
import { train } from "../../src/training/trainer.ts";
import { peakMegabytes } from "./peak-memory.ts";

// node bench/training/whole-run.ts '{"folder":"src","out":"m.onnx","hidden":512,"layers":2,"batch":16}'

/** A run as a user has it, with its evaluations and checkpoints; prints the most memory that it held, in MB. */
const { folder, ...own } = JSON.parse(process.argv[2] ?? "");
const options = { ...defaultTrainingOptions, ...own, paths: [folder], steps: 13, secondsBetweenCheckpoints: 1 };
for await (const _ of train(await loadCorpus(options), options, new AbortController().signal));
console.log(JSON.stringify(peakMegabytes()));
