import { assert } from "../errors.ts";
import {
  type AttributeProto,
  encodeModel,
  type GraphProto,
  type NodeProto,
  type TensorProto,
  type ValueInfo,
} from "./onnx.ts";
import { innerNodes, scanArity } from "./scan.ts";
import { known, type Node, type TensorType, type Value } from "./value.ts";

/** Version of ONNX's operators that the graphs use. */
const opset = 18;
/** Version of ONNX's file format that came with that opset. */
const irVersion = 8;

export interface EmitOptions {
  readonly name: string;
  /** The graph's inputs, by the names they were made with. */
  readonly inputs: readonly Value[];
  /** The graph's outputs, by name. */
  readonly outputs: Readonly<Record<string, Value>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** Writes a graph as the bytes of an ONNX model. */
export function emitModel(options: EmitOptions): Uint8Array {
  return encodeModel({
    irVersion,
    producer: "murmur",
    opset,
    graph: emitGraph(options),
    metadata: options.metadata ?? {},
  });
}

/** One level of nesting: the graph itself, or the body of a Scan in it. */
interface Scope {
  readonly parent?: Scope;
  /** Whether a node is emitted at this level. */
  readonly owns: (node: Node) => boolean;
  readonly names: Map<Value, string>;
  readonly nodes: NodeProto[];
}

function emitGraph({ name, inputs, outputs }: EmitOptions): GraphProto {
  const initializers: TensorProto[] = [];
  const taken = new Set<string>();
  const fresh = (base: string): string => {
    let candidate = base;
    for (let i = 1; taken.has(candidate); i++) candidate = `${base}_${i}`;
    taken.add(candidate);
    return candidate;
  };

  /** The name of the value in a scope; emits whatever it needs first. */
  const nameOf = (value: Value, scope: Scope): string => {
    const before = scope.names.get(value);
    if (before !== undefined) return before;
    if (!scope.owns(value.node)) {
      assert(scope.parent, `a graph must list its input ${value.node.op}`);
      return nameOf(value, scope.parent);
    }
    emitNode(value.node, scope);
    const after = scope.names.get(value);
    assert(after !== undefined, "a node that was emitted has named its outputs");
    return after;
  };

  const emitNode = (node: Node, scope: Scope): void => {
    const [value] = node.outputs;
    if (node.kind === "absent" && value) {
      scope.names.set(value, "");
      return;
    }
    if (node.kind === "constant") {
      assert(value && node.data, "a constant has a value");
      const constantName = fresh(node.op || "constant");
      const { buffer, byteOffset, byteLength } = node.data;
      const data = new Uint8Array(buffer, byteOffset, byteLength);
      initializers.push({ name: constantName, type: value.type, dims: value.shape.map(known), data });
      scope.names.set(value, constantName);
      return;
    }
    assert(node.kind === "operator", `a graph must list its input ${node.op}`);
    const isScan = node.body !== undefined;
    const real = isScan ? node.inputs.slice(0, node.body.parameters.length) : node.inputs;
    for (const value of node.inputs) nameOf(value, scope);
    const nodeName = fresh(node.op);
    const attributes = isScan ? scanAttributes(node, scope) : node.attributes;
    const names = node.outputs.map((output, i) => {
      const requested = requestedNames.get(output);
      const outputName = scope.parent || requested === undefined ? fresh(`${nodeName}:${i}`) : requested;
      scope.names.set(output, outputName);
      return outputName;
    });
    const inputNames = real.map((value) => nameOf(value, scope));
    const { op, domain } = node;
    const own = { op, name: nodeName, inputs: inputNames, outputs: names, attributes };
    scope.nodes.push(domain === undefined ? own : { ...own, domain });
  };

  const scanAttributes = (node: Node, scope: Scope): Record<string, AttributeProto> => {
    const { body } = node;
    assert(body, "a Scan has a body");
    const arity = scanArity(node);
    const inner = innerNodes(body);
    const child: Scope = { parent: scope, owns: (candidate) => inner.has(candidate), names: new Map(), nodes: [] };
    const bodyInputs = body.parameters.map((value) => {
      const parameterName = fresh(value.node.kind === "input" ? value.node.op : "kept");
      child.names.set(value, parameterName);
      return info(parameterName, value);
    });
    const used = new Set<string>();
    const bodyOutputs = body.results.map((value) => {
      const source = nameOf(value, child);
      // ONNX requires each output of a body to be computed inside it, and to be listed once.
      if (inner.has(value.node) && !body.parameters.includes(value) && !used.has(source)) {
        used.add(source);
        return info(source, value);
      }
      const copy = fresh("copy");
      child.nodes.push({ op: "Identity", name: copy, inputs: [source], outputs: [copy], attributes: {} });
      return info(copy, value);
    });
    const outputCount = body.results.length - arity.states;
    const direction = arity.reverse ? 1 : 0;
    return {
      body: {
        graph: { name: fresh("body"), nodes: child.nodes, initializers: [], inputs: bodyInputs, outputs: bodyOutputs },
      },
      num_scan_inputs: { int: arity.inputs },
      scan_input_directions: { ints: Array.from({ length: arity.inputs }, () => direction) },
      scan_output_directions: { ints: Array.from({ length: outputCount }, () => direction) },
    };
  };

  const requestedNames = new Map<Value, string>();
  for (const [outputName, value] of Object.entries(outputs)) {
    if (value.node.kind === "operator" && !requestedNames.has(value)) requestedNames.set(value, outputName);
    taken.add(outputName);
  }
  const top: Scope = {
    owns: () => true,
    names: new Map(inputs.map((value) => [value, value.node.op])),
    nodes: [],
  };
  for (const value of inputs) taken.add(value.node.op);
  const graphOutputs = Object.entries(outputs).map(([outputName, value]) => {
    const source = nameOf(value, top);
    if (source !== outputName) {
      top.nodes.push({
        op: "Identity",
        name: fresh("Identity"),
        inputs: [source],
        outputs: [outputName],
        attributes: {},
      });
    }
    return info(outputName, value);
  });
  return {
    name,
    nodes: top.nodes,
    initializers,
    inputs: inputs.map((value) => info(value.node.op, value)),
    outputs: graphOutputs,
  };
}

function info(name: string, { type, shape }: TensorType): ValueInfo {
  return { name, type, shape };
}
