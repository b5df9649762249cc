import { encodeModel } from "../../src/graph/onnx.ts";
import { type Architecture, encodeInfo, formatVersion, type ModelInfo, metadataKey } from "../../src/model/info.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { encodeModelFile } from "../../src/model/model-file.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { createTokenizer, type Tokenizer, type TokenizerKind } from "../../src/model/tokenizer.ts";
import { randomArray } from "./session.ts";

export interface TinyModelOptions {
  readonly hidden?: number;
  readonly layers?: number;
  readonly tokenizer?: TokenizerKind;
  readonly seed?: number;
  /** Of a classifier; if there are none, the model is a language model. */
  readonly labels?: readonly string[];
}

/** The file of a small model with random weights. */
export function tinyModelFile({
  hidden = 16,
  layers = 1,
  tokenizer = "byte",
  seed = 1,
  labels = [],
}: TinyModelOptions = {}): {
  info: ModelInfo;
  bytes: Uint8Array;
} {
  const architecture: Architecture = {
    cell: "lstm",
    layers,
    hidden,
    embedding: 8,
    residual: true,
    layerNorm: true,
    tied: false,
    task: labels.length > 0 ? "many-to-one" : "many-to-many",
    labels,
  };
  const tokens = createTokenizer(tokenizer, ["for (let i = 0; i < 10; i++) {}\n"]);
  return modelFileOf(architecture, tokens, randomWeights(architecture, tokens, seed), seed);
}

/** Random weights of a network, in the order of parameterSpecs. */
export function randomWeights(architecture: Architecture, { size }: Tokenizer, seed = 1): Float32Array[] {
  return parameterSpecs(architecture, size).map(({ shape }, i) =>
    randomArray(
      shape.reduce((product, dim) => product * dim, 1),
      seed + i,
      0.5,
    ),
  );
}

/** The file of a network with these weights, in the order of parameterSpecs. */
export function modelFileOf(
  architecture: Architecture,
  tokenizer: Tokenizer,
  weights: readonly Float32Array[],
  seed = 1,
): { info: ModelInfo; bytes: Uint8Array } {
  const info: ModelInfo = {
    formatVersion,
    tokenizer: tokenizer.stored,
    architecture,
    training: {
      corpusHash: "0".repeat(64),
      trainChars: 0,
      steps: 0,
      seconds: 0,
      seed,
      heldOut: { chars: 0, bitsPerChar: 8 },
      date: "2026-01-01T00:00:00.000Z",
    },
  };
  const specs = parameterSpecs(architecture, tokenizer.size);
  return { info, bytes: encodeModelFile(info, new Map(specs.map(({ name }, i) => [name, weights[i]!]))) };
}

/** An ONNX file with nothing but metadata. */
export function fileOfMetadata(murmur: string): Uint8Array {
  const graph = { name: "", nodes: [], initializers: [], inputs: [], outputs: [] };
  return encodeModel({ irVersion: 8, producer: "test", opset: 18, graph, metadata: { [metadataKey]: murmur } });
}

/** The file of a network that would take all memory, without its weights. */
export function hugeModelFile(): Uint8Array {
  const { info } = tinyModelFile();
  return fileOfMetadata(encodeInfo({ ...info, architecture: { ...info.architecture, layers: 8, hidden: 4096 } }));
}

export function tinyModel(options?: TinyModelOptions): Promise<LanguageModel> {
  return LanguageModel.load(tinyModelFile(options).bytes);
}
