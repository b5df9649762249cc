import { MurmurError } from "../errors.ts";
import { emitModel } from "../graph/emit.ts";
import { constant, size } from "../graph/value.ts";
import { decodeInfo, encodeInfo, type ModelInfo, metadataKey } from "./info.ts";
import { parseModel } from "./language-model.ts";
import { inferenceGraph } from "./network.ts";
import { parameterSpecs } from "./parameters.ts";
import { tokenizerFrom } from "./tokenizer.ts";

/** The weights by parameter name, each row-major in the shape that {@link parameterSpecs} gives. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** The bytes of a model file: ONNX's standard operators, the weights as initializers, `info` as metadata. */
export function encodeModelFile(info: ModelInfo, weights: Weights): Uint8Array {
  const specs = parameterSpecs(info.architecture, tokenizerFrom(info.tokenizer).size);
  const parameters = new Map(
    specs.map(({ name, shape }) => [name, constant(weights.get(name) ?? new Float32Array(), shape, name)]),
  );
  const graph = inferenceGraph(info.architecture, parameters);
  return emitModel({ name: "murmur", ...graph, metadata: { [metadataKey]: encodeInfo(info) } });
}

/**
 * Reads what {@link encodeModelFile} wrote, to fine-tune it.
 * @param name the model's file, for messages
 * @throws MurmurError ("bad-model") that says what is wrong with it.
 */
export function decodeModelFile(bytes: Uint8Array, name: string): { info: ModelInfo; weights: Weights } {
  const stored = parseModel(bytes, name);
  const info = decodeInfo(stored.metadata[metadataKey], name);
  const specs = parameterSpecs(info.architecture, tokenizerFrom(info.tokenizer).size);
  const weights = new Map<string, Float32Array>();
  for (const spec of specs) {
    const tensor = stored.initializers.get(spec.name);
    if (tensor?.type !== "float32" || tensor.data.byteLength !== 4 * size(spec.shape)) {
      throw new MurmurError(
        "bad-model",
        `The model ${name} has no weights "${spec.name}" of shape [${spec.shape}]. Train it again.`,
      );
    }
    weights.set(spec.name, new Float32Array(new Uint8Array(tensor.data).buffer));
  }
  return { info, weights };
}
