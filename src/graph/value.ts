import { assert } from "../errors.ts";
import type { AttributeProto, ElementType } from "./onnx.ts";

/** A dimension: its size, or a name where the size is known only when the graph runs. */
export type Dimension = number | string;
export type Shape = readonly Dimension[];

/** What is known of a tensor before the graph runs. */
export interface TensorType {
  readonly type: ElementType;
  readonly shape: Shape;
}

/** One output of a node: a tensor that exists when the graph runs. */
export interface Value extends TensorType {
  readonly node: Node;
  readonly index: number;
}

/** An ONNX operator applied to values; a leaf has no inputs. A node never changes, except that a Scan may be given more outputs (see scan.ts). */
export interface Node {
  readonly kind: "operator" | "input" | "constant" | "absent";
  /** The operator's name in ONNX; for a leaf, its own name or "". */
  readonly op: string;
  /** Where the operator comes from, if it is none of ONNX's own. */
  readonly domain?: string;
  readonly inputs: readonly Value[];
  readonly outputs: Value[];
  readonly attributes: Attributes;
  /** Only of a constant. */
  readonly data?: TypedArray;
  /** Only of a Scan: the graph of one iteration. */
  readonly body?: Body;
  readonly gradient?: GradientRule;
}

export type Attributes = Readonly<Record<string, AttributeProto>>;
export type TypedArray = Float32Array | Int8Array | Int32Array | BigInt64Array | Uint16Array;

/**
 * The values inside a Scan. Each iteration gives `parameters` new values. Whatever `results` need that does not depend on a
 * parameter belongs to the graph around the Scan and is computed once.
 */
export interface Body {
  readonly parameters: Value[];
  readonly results: Value[];
}

/**
 * The gradient of a scalar with respect to a node's inputs.
 * @param gradients of the scalar with respect to each of the node's outputs; undefined where it does not depend on it
 * @param wanted whether each input's gradient is needed at all
 * @returns one for each input; undefined where there is none
 */
export type GradientRule = (
  node: Node,
  gradients: readonly (Value | undefined)[],
  wanted: readonly boolean[],
) => readonly (Value | undefined)[];

export interface NodeSpec {
  readonly op: string;
  readonly domain?: string;
  readonly inputs: readonly Value[];
  readonly outputs: readonly TensorType[];
  readonly attributes?: Attributes;
  readonly body?: Body;
  readonly gradient?: GradientRule;
}

/** Applies an operator; the caller has inferred the outputs' types. */
export function apply(spec: NodeSpec): Value[] {
  const node: Node = {
    kind: "operator",
    op: spec.op,
    inputs: spec.inputs,
    outputs: [],
    attributes: spec.attributes ?? {},
    ...(spec.domain !== undefined && { domain: spec.domain }),
    ...(spec.body && { body: spec.body }),
    ...(spec.gradient && { gradient: spec.gradient }),
  };
  return spec.outputs.map((output) => addOutput(node, output));
}

/** {@link apply} for an operator with one output. */
export function applyOne(spec: Omit<NodeSpec, "outputs"> & { readonly output: TensorType }): Value {
  const [value] = apply({ ...spec, outputs: [spec.output] });
  assert(value, "an operator with one output has one");
  return value;
}

/** Declares one more output of a node. */
export function addOutput(node: Node, { type, shape }: TensorType): Value {
  const value: Value = { node, index: node.outputs.length, type, shape };
  node.outputs.push(value);
  return value;
}

/** A tensor that is given when the graph runs. */
export function input(name: string, type: ElementType, shape: Shape): Value {
  return leaf({ kind: "input", op: name }, { type, shape });
}

/** A tensor that is stored in the graph, as an initializer of that name if it has one. */
export function constant(data: TypedArray, shape: readonly number[], name = ""): Value {
  assert(data.length === size(shape), `a constant of shape [${shape}] has ${data.length} elements`);
  return leaf({ kind: "constant", op: name, data }, { type: elementTypeOf(data), shape });
}

/** Stands for an optional input of an operator that is not given. */
export function absent(): Value {
  return leaf({ kind: "absent", op: "" }, { type: "float32", shape: [] });
}

/** A float32 number. */
export function scalar(value: number): Value {
  return constant(Float32Array.of(value), []);
}

/** A list of int64 numbers, as ONNX's shape operators want them. */
export function int64s(values: readonly number[]): Value {
  return constant(BigInt64Array.from(values, BigInt), [values.length]);
}

function leaf(fields: Pick<Node, "kind" | "op" | "data">, type: TensorType): Value {
  return addOutput({ ...fields, inputs: [], outputs: [], attributes: {} }, type);
}

function elementTypeOf(data: TypedArray): ElementType {
  if (data instanceof Float32Array) return "float32";
  if (data instanceof Int8Array) return "int8";
  if (data instanceof Int32Array) return "int32";
  return data instanceof Uint16Array ? "float16" : "int64";
}

/** Number of elements. @throws Error if a dimension is symbolic. */
export function size(shape: Shape): number {
  return shape.reduce<number>((product, dim) => product * known(dim), 1);
}

/** The size of a dimension that must be known. */
export function known(dim: Dimension | undefined): number {
  assert(typeof dim === "number", `the dimension ${String(dim)} must be known here`);
  return dim;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((dim, i) => dim === b[i]);
}

/** The position of `axis` counted from the front. */
export function normalAxis(axis: number, rank: number): number {
  const positive = axis < 0 ? axis + rank : axis;
  assert(positive >= 0 && positive < rank, `axis ${axis} is outside a tensor of rank ${rank}`);
  return positive;
}
