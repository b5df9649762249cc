import assert from "node:assert/strict";
import fc from "fast-check";
import { decodeModel, encodeModel, type Model } from "../../src/graph/onnx.ts";

const tensor = fc.record({
  name: fc.string({ minLength: 1 }),
  type: fc.constantFrom("float32" as const, "int32" as const, "int64" as const, "float16" as const),
  dims: fc.array(fc.nat(1000), { maxLength: 4 }),
  data: fc.uint8Array({ maxLength: 64 }),
});

const model = (initializers: Model["graph"]["initializers"], metadata: Record<string, string>): Model => ({
  irVersion: 8,
  producer: "test",
  opset: 18,
  graph: {
    name: "graph",
    nodes: [{ op: "Add", name: "add", inputs: ["x", "y"], outputs: ["z"], attributes: { axis: { int: -1 } } }],
    initializers,
    inputs: [{ name: "x", type: "float32", shape: ["time", 3] }],
    outputs: [{ name: "z", type: "float32", shape: ["time", 3] }],
  },
  metadata,
});

describe("an ONNX file", () => {
  it("gives back the tensors and the metadata that were written", () => {
    const entries = fc.dictionary(
      fc.string({ minLength: 1 }).filter((key) => key !== "__proto__"),
      fc.string(),
    );
    const tensors = fc.uniqueArray(tensor, { selector: (item) => item.name });
    fc.assert(
      fc.property(tensors, entries, (initializers, metadata) => {
        const stored = decodeModel(encodeModel(model(initializers, metadata)));
        assert.deepEqual({ ...stored.metadata }, { ...metadata });
        assert.deepEqual(
          [...stored.initializers.values()].map((item) => ({ ...item, data: [...item.data] })),
          initializers.map((item) => ({ ...item, data: [...item.data] })),
        );
        assert.deepEqual(stored.inputs, ["x"]);
      }),
    );
  });

  it("is refused when it is cut anywhere before its metadata", () => {
    const bytes = encodeModel(
      model([{ name: "w", type: "float32", dims: [64], data: new Uint8Array(256) }], { key: "value" }),
    );
    const graphEnd = bytes.length - 20;
    fc.assert(
      fc.property(fc.integer({ min: 0, max: graphEnd - 20 }), (length) => {
        assert.throws(() => decodeModel(bytes.subarray(0, length)));
      }),
    );
  });
});
