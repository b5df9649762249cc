import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { decodeModelFile, encodeModelFile, readModelFile } from "../src/model/model-file.ts";
import { writeChecksums } from "./checksums.ts";

// npm run ship:model FILE: makes a trained model the default one, models/default.onnx, with its matrices in int8. After that,
// fit:mixture fits the weights of the mixture to it, and model:card writes its card.

const [path] = process.argv.slice(2);
if (path === undefined) throw new Error("Name the trained model: npm run ship:model FILE");
const { info, weights } = decodeModelFile(await readModelFile(path), path);
await writeFile(join(import.meta.dirname, "../models/default.onnx"), encodeModelFile(info, weights, "int8"));
await writeChecksums();
