import { PbfReader, PbfWriter } from "pbf";

/**
 * The part of ONNX's protobuf format that Murmur reads and writes, as plain data. Field numbers are those of onnx.proto
 * (https://github.com/onnx/onnx/blob/main/onnx/onnx.proto); fields that Murmur has no use for are skipped on reading.
 */
export interface Model {
  readonly irVersion: number;
  readonly producer: string;
  readonly opset: number;
  readonly graph: GraphProto;
  readonly metadata: Readonly<Record<string, string>>;
}

export interface GraphProto {
  readonly name: string;
  readonly nodes: readonly NodeProto[];
  readonly initializers: readonly TensorProto[];
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

export interface NodeProto {
  readonly op: string;
  /** Where the operator comes from, if it is none of ONNX's own. */
  readonly domain?: string;
  readonly name: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Readonly<Record<string, AttributeProto>>;
}

/** An attribute, tagged as in AttributeProto.AttributeType; a number that must be a float is given as `{ float }`. */
export type AttributeProto =
  | { readonly int: number }
  | { readonly float: number }
  | { readonly string: string }
  | { readonly ints: readonly number[] }
  | { readonly graph: GraphProto };

export type ElementType = "float32" | "int8" | "int32" | "int64" | "bool" | "float16";

export interface TensorProto {
  readonly name: string;
  readonly type: ElementType;
  readonly dims: readonly number[];
  /** Little-endian elements, row-major. */
  readonly data: Uint8Array;
}

export interface ValueInfo {
  readonly name: string;
  readonly type: ElementType;
  /** A number, or the name of a dimension that is known only when the graph runs. */
  readonly shape: readonly (number | string)[];
}

/** TensorProto.DataType */
export const elementCodes: Readonly<Record<ElementType, number>> = {
  float32: 1,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};
const attributeTypes = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/** The bytes of an ONNX model file. */
export function encodeModel(model: Model): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeVarintField(1, model.irVersion);
  pbf.writeStringField(2, model.producer);
  pbf.writeMessage(7, writeGraph, model.graph);
  pbf.writeMessage(8, writeOpset, { domain: "", version: model.opset });
  const domains = new Set(model.graph.nodes.flatMap(({ domain }) => domain ?? []));
  for (const domain of domains) pbf.writeMessage(8, writeOpset, { domain, version: 1 });
  for (const entry of Object.entries(model.metadata)) pbf.writeMessage(14, writeEntry, entry);
  return pbf.finish();
}

function writeOpset({ domain, version }: { domain: string; version: number }, pbf: PbfWriter): void {
  pbf.writeStringField(1, domain);
  pbf.writeVarintField(2, version);
}

function writeEntry([key, value]: [string, string], pbf: PbfWriter): void {
  pbf.writeStringField(1, key);
  pbf.writeStringField(2, value);
}

function writeGraph(graph: GraphProto, pbf: PbfWriter): void {
  for (const node of graph.nodes) pbf.writeMessage(1, writeNode, node);
  pbf.writeStringField(2, graph.name);
  for (const tensor of graph.initializers) pbf.writeMessage(5, writeTensor, tensor);
  for (const input of graph.inputs) pbf.writeMessage(11, writeValueInfo, input);
  for (const output of graph.outputs) pbf.writeMessage(12, writeValueInfo, output);
}

function writeNode(node: NodeProto, pbf: PbfWriter): void {
  for (const input of node.inputs) pbf.writeStringField(1, input);
  for (const output of node.outputs) pbf.writeStringField(2, output);
  pbf.writeStringField(3, node.name);
  pbf.writeStringField(4, node.op);
  if (node.domain !== undefined) pbf.writeStringField(7, node.domain);
  for (const entry of Object.entries(node.attributes)) pbf.writeMessage(5, writeAttribute, entry);
}

function writeAttribute([name, value]: [string, AttributeProto], pbf: PbfWriter): void {
  pbf.writeStringField(1, name);
  if ("int" in value) {
    pbf.writeVarintField(3, value.int);
    pbf.writeVarintField(20, attributeTypes.int);
  } else if ("float" in value) {
    pbf.writeFloatField(2, value.float);
    pbf.writeVarintField(20, attributeTypes.float);
  } else if ("string" in value) {
    pbf.writeBytesField(4, new TextEncoder().encode(value.string));
    pbf.writeVarintField(20, attributeTypes.string);
  } else if ("ints" in value) {
    for (const item of value.ints) pbf.writeVarintField(8, item);
    pbf.writeVarintField(20, attributeTypes.ints);
  } else {
    pbf.writeMessage(6, writeGraph, value.graph);
    pbf.writeVarintField(20, attributeTypes.graph);
  }
}

function writeTensor(tensor: TensorProto, pbf: PbfWriter): void {
  for (const dim of tensor.dims) pbf.writeVarintField(1, dim);
  pbf.writeVarintField(2, elementCodes[tensor.type]);
  pbf.writeStringField(8, tensor.name);
  pbf.writeBytesField(9, tensor.data);
}

function writeValueInfo(info: ValueInfo, pbf: PbfWriter): void {
  pbf.writeStringField(1, info.name);
  pbf.writeMessage(2, writeType, info);
}

function writeType(info: ValueInfo, pbf: PbfWriter): void {
  pbf.writeMessage(1, writeTensorType, info);
}

function writeTensorType(info: ValueInfo, pbf: PbfWriter): void {
  pbf.writeVarintField(1, elementCodes[info.type]);
  pbf.writeMessage(2, writeShape, info.shape);
}

function writeShape(shape: readonly (number | string)[], pbf: PbfWriter): void {
  for (const dim of shape) pbf.writeMessage(1, writeDimension, dim);
}

function writeDimension(dim: number | string, pbf: PbfWriter): void {
  if (typeof dim === "number") pbf.writeVarintField(1, dim);
  else pbf.writeStringField(2, dim);
}

/** What Murmur needs back from a model file: its metadata and the tensors stored in it. */
export interface StoredModel {
  readonly metadata: Readonly<Record<string, string>>;
  readonly initializers: ReadonlyMap<string, TensorProto>;
  /** Inputs of the graph. */
  readonly inputs: readonly string[];
}

/**
 * Reads the metadata and the initializers of an ONNX file. The tensors' data are views of `bytes`.
 * @throws Error if the bytes are no protobuf message, or end before it does.
 */
export function decodeModel(bytes: Uint8Array): StoredModel {
  const metadata: Record<string, string> = {};
  const initializers = new Map<string, TensorProto>();
  const inputs: string[] = [];
  let hasGraph = false;
  new PbfReader(bytes).readFields((tag, _, pbf) => {
    if (tag === 7) {
      hasGraph = true;
      const end = checkedEnd(pbf);
      pbf.readFields(
        (field) => {
          if (field === 5) {
            const tensor = readTensor(pbf);
            initializers.set(tensor.name, tensor);
          } else if (field === 11) {
            inputs.push(readName(pbf));
          }
        },
        undefined,
        end,
      );
    } else if (tag === 14) {
      const [key, value] = readEntry(pbf);
      metadata[key] = value;
    }
  }, undefined);
  if (!hasGraph) throw new Error("it holds no graph");
  return { metadata, initializers, inputs };
}

/** The end of the message that starts here; pbf itself would read past the end of a cut file without an error. */
function checkedEnd(pbf: PbfReader): number {
  const length = pbf.readVarint();
  const end = pbf.pos + length;
  if (end > pbf.length) throw new Error("it ends before its contents do");
  return end;
}

function readEntry(pbf: PbfReader): [string, string] {
  const entry: [string, string] = ["", ""];
  pbf.readFields(
    (tag) => {
      if (tag === 1) entry[0] = pbf.readString();
      else if (tag === 2) entry[1] = pbf.readString();
    },
    undefined,
    checkedEnd(pbf),
  );
  return entry;
}

function readName(pbf: PbfReader): string {
  let name = "";
  pbf.readFields(
    (tag) => {
      if (tag === 1) name = pbf.readString();
    },
    undefined,
    checkedEnd(pbf),
  );
  return name;
}

function readTensor(pbf: PbfReader): TensorProto {
  let name = "";
  let code = 0;
  const dims: number[] = [];
  let data = new Uint8Array(0);
  pbf.readFields(
    (tag) => {
      if (tag === 1) pbf.readPackedVarint(dims);
      else if (tag === 2) code = pbf.readVarint();
      else if (tag === 8) name = pbf.readString();
      else if (tag === 9) {
        const end = checkedEnd(pbf);
        data = pbf.buf.subarray(pbf.pos, end) as Uint8Array<ArrayBuffer>;
        pbf.pos = end;
      }
    },
    undefined,
    checkedEnd(pbf),
  );
  const type = (Object.keys(elementCodes) as ElementType[]).find((key) => elementCodes[key] === code);
  if (type === undefined) throw new Error(`tensor ${name} has elements of an unknown type (${code})`);
  return { name, type, dims, data };
}
