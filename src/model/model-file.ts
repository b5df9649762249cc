import { MurmurError, messageOf } from "../errors.ts";
import { emitModel } from "../graph/emit.ts";
import { decodeModel, type StoredModel } from "../graph/onnx.ts";
import { dequantize } from "../graph/quantization.ts";
import { constant, size, type Value } from "../graph/value.ts";
import { formatNumber, t } from "../l10n.ts";
import { openRegular } from "../regular-file.ts";
import type { ParameterSpec } from "./cell.ts";
import { decodeInfo, encodeInfo, type ModelInfo, metadataKey } from "./info.ts";
import { dequantizeRows, quantizeRows } from "./int8.ts";
import { int8Form, operatorForm } from "./layers.ts";
import { inferenceGraph } from "./network.ts";
import { type Parameters, parameterCount, parameterSpecs } from "./parameters.ts";
import { tokenizerFrom } from "./tokenizer.ts";

/** The weights by parameter name, each row-major in the shape that {@link parameterSpecs} gives. */
export type Weights = ReadonlyMap<string, Float32Array>;

/** How the numbers of a network are kept or computed. */
export const precisions = ["float32", "int8"] as const;
export type Precision = (typeof precisions)[number];

/** Bytes of the largest file that is read. Anybody may check in a model, and it is copied several times before it runs. */
const largestFile = 256 * 2 ** 20;

/** The most weights of a network: as many as fit into the largest file in float32. The default model has 3.4 million. */
const mostWeights = 60e6;

/** No weight that was learned is nearly as large. With smaller ones, no product or sum of a network is infinite. */
const largestWeight = 1e6;

/**
 * The bytes of a model file: ONNX's standard operators, the weights as initializers, `info` as metadata.
 * @param precision of the matrices; in int8, each is stored with a scale for each row, named as it is and ".scale"
 */
export function encodeModelFile(info: ModelInfo, weights: Weights, precision: Precision = "float32"): Uint8Array {
  const store = precision === "int8" ? int8Constant : floatConstant;
  const graph = inferenceGraph(info.architecture, parametersOf(info, weights, store));
  return emitModel({ name: "murmur", ...graph, metadata: { [metadataKey]: encodeInfo(info) } });
}

/**
 * The bytes of the graph that ONNX Runtime runs. It depends on the architecture and the weights alone, so whatever else a model file
 * holds is never run.
 * @param precision of the layers' products: int8 for cells that have it, or else float32
 */
export function encodeRunnable(info: ModelInfo, weights: Weights, precision: Precision): Uint8Array {
  const form = precision === "int8" ? int8Form : operatorForm;
  return emitModel({
    name: "murmur",
    ...inferenceGraph(info.architecture, parametersOf(info, weights, floatConstant), form),
  });
}

function parametersOf(
  info: ModelInfo,
  weights: Weights,
  store: (values: Float32Array, spec: ParameterSpec) => Value,
): Parameters {
  const specs = parameterSpecs(info.architecture, tokenizerFrom(info.tokenizer).size);
  return new Map(specs.map((spec) => [spec.name, store(weights.get(spec.name) ?? new Float32Array(), spec)]));
}

function floatConstant(values: Float32Array, { name, shape }: ParameterSpec): Value {
  return constant(values, shape, name);
}

function int8Constant(weights: Float32Array, spec: ParameterSpec): Value {
  const { name, shape } = spec;
  const [rows = 1] = shape;
  if (shape.length === 1) return floatConstant(weights, spec);
  const { values, scales } = quantizeRows(weights, rows);
  return dequantize(constant(values, shape, name), constant(scales, [rows], scaleName(name)));
}

function scaleName(name: string): string {
  return `${name}.scale`;
}

/**
 * Reads what {@link encodeModelFile} wrote.
 * @param name the model's file, for messages
 * @throws MurmurError ("bad-model") that says what is wrong with it.
 */
export function decodeModelFile(bytes: Uint8Array, name: string): { info: ModelInfo; weights: Weights } {
  const stored = parseModel(bytes, name);
  const info = decodeInfo(stored.metadata[metadataKey], name);
  const vocabulary = tokenizerFrom(info.tokenizer).size;
  assertModest(parameterCount(info.architecture, vocabulary), name);
  const specs = parameterSpecs(info.architecture, vocabulary);
  const weights = new Map<string, Float32Array>();
  for (const spec of specs) {
    const values = storedWeights(stored, spec);
    if (!values) {
      throw new MurmurError(
        "bad-model",
        t('The model {0} has no weights "{1}" of shape [{2}]. Train it again.', name, spec.name, spec.shape.join()),
      );
    }
    weights.set(spec.name, values);
  }
  return { info, weights };
}

function assertModest(count: number, name: string): void {
  if (count <= mostWeights) return;
  throw new MurmurError(
    "bad-model",
    t(
      "The model {0} is a network of {1} million weights, and at most {2} million are run. Train one with fewer layers or units.",
      name,
      ...[count, mostWeights].map((weights) => formatNumber(Math.ceil(weights / 1e6))),
    ),
  );
}

/** @throws MurmurError ("bad-model") that names the model, if its predictions would be no numbers */
export function assertPlausible(weights: Weights, name: string): void {
  for (const [weight, values] of weights) {
    if (arePlausible(values)) continue;
    throw new MurmurError(
      "bad-model",
      t('The model {0} has weights "{1}" that are far too large or not finite. Train it again.', name, weight),
    );
  }
}

/** A loop takes a third of the time that `every` takes, and the default model has millions of weights. */
function arePlausible(values: Float32Array): boolean {
  for (let i = 0; i < values.length; i++) if (!(Math.abs(values[i] as number) <= largestWeight)) return false;
  return true;
}

/** The weights in either precision; undefined if there are none of the shape. */
function storedWeights({ initializers }: StoredModel, { name, shape }: ParameterSpec): Float32Array | undefined {
  const elements = (of: string, type: "float32" | "int8", shape: readonly number[]): ArrayBuffer | undefined => {
    const tensor = initializers.get(of);
    const bytes = size(shape) * (type === "int8" ? 1 : 4);
    const isSuch = tensor?.type === type && `${tensor.dims}` === `${shape}` && tensor.data.byteLength === bytes;
    // A copy, since the elements of a file have any place in memory.
    return isSuch ? new Uint8Array(tensor.data).buffer : undefined;
  };
  const floats = elements(name, "float32", shape);
  if (floats) return new Float32Array(floats);
  const values = elements(name, "int8", shape);
  const scales = elements(scaleName(name), "float32", shape.slice(0, 1));
  return values && scales && dequantizeRows({ values: new Int8Array(values), scales: new Float32Array(scales) });
}

/**
 * The bytes of a model file.
 * @throws MurmurError ("not-found") if it can't be read, or is no file, such as a FIFO without a writer; ("bad-model") if it is too large
 */
export async function readModelFile(path: string): Promise<Uint8Array> {
  let why = t("it is not a regular file");
  let cause: unknown;
  try {
    await using file = await openRegular(path);
    if (file) {
      assertSmall(file.size, path);
      return await file.first(file.size);
    }
  } catch (error) {
    if (error instanceof MurmurError) throw error;
    why = messageOf(error);
    cause = error;
  }
  throw new MurmurError("not-found", t("The model file {0} can't be read ({1}). Check the path.", path, why), {
    cause,
  });
}

function assertSmall(size: number, path: string): void {
  if (size <= largestFile) return;
  throw new MurmurError(
    "bad-model",
    t(
      "{0} is too large for a model: it has {1} MB, and at most {2} are read. Choose a model that Murmur trained.",
      path,
      ...[size, largestFile].map((bytes) => formatNumber(Math.ceil(bytes / 2 ** 20))),
    ),
  );
}

/** The contents of a model file. @throws MurmurError ("bad-model") if the bytes are not an ONNX model, or are cut off */
export function parseModel(bytes: Uint8Array, name: string): StoredModel {
  try {
    return decodeModel(bytes);
  } catch (cause) {
    throw new MurmurError(
      "bad-model",
      t(
        "The model {0} is not an ONNX file, or is incomplete ({1}). Copy it again, or train a new one.",
        name,
        messageOf(cause),
      ),
      { cause },
    );
  }
}
