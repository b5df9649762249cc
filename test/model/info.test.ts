import assert from "node:assert/strict";
import { decodeInfo, encodeInfo, tasks } from "../../src/model/info.ts";
import { tinyModelFile } from "../support/models.ts";

const { info } = tinyModelFile();

it("a network with an option that is unknown here is refused, which names the option: it would compute something else", () => {
  const stored = JSON.stringify({ ...info, architecture: { ...info.architecture, attention: true } });
  assert.throws(
    () => decodeInfo(stored, "m.onnx"),
    /metadata of the model m\.onnx is not valid .*attention.*use the Murmur that made it/s,
  );
});

describe("the task of a model file", () => {
  it("is written as such, and read again", () => {
    for (const task of tasks) {
      const stored = encodeInfo({ ...info, architecture: { ...info.architecture, task } });
      assert.match(stored, new RegExp(`"task":"${task}"`));
      assert.doesNotMatch(stored, /"shape"/);
      assert.equal(decodeInfo(stored, "m.onnx").architecture.task, task);
    }
  });

  it("is read from a file that calls it a shape, as files did before", () => {
    for (const task of tasks) {
      const { task: _, ...before } = info.architecture;
      const stored = JSON.stringify({ ...info, architecture: { ...before, shape: task } });
      const { architecture } = decodeInfo(stored, "m.onnx");
      assert.deepEqual(architecture, { ...info.architecture, task });
    }
  });

  it("is many-to-many in a file that says neither", () => {
    const { task: _, ...before } = info.architecture;
    assert.equal(decodeInfo(JSON.stringify({ ...info, architecture: before }), "m.onnx").architecture.task, tasks[0]);
  });

  it("is refused by its name if there is none such, whichever way it is written", () => {
    for (const key of ["task", "shape"]) {
      const { task: _, ...before } = info.architecture;
      const stored = JSON.stringify({ ...info, architecture: { ...before, [key]: "many-to-few" } });
      assert.throws(() => decodeInfo(stored, "m.onnx"), /metadata of the model m\.onnx is not valid .*task/s);
    }
  });
});
