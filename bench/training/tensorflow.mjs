// One step of truncated back-propagation in TensorFlow.js, timed: the same network, batch and window as Murmur's.
// node bench/training/tensorflow.mjs FOLDER '{"backend":"wasm","hidden":256,…}', FOLDER having TensorFlow.js in node_modules
//
// Written for speed: products of transposed factors are slow in its backends, so what is multiplied is transposed first; and the
// layer's gradient is written by hand, with one product over all times for the weights. In Node its WASM has one thread.
import { createRequire } from "node:module";
import { join } from "node:path";
import { peakMegabytes } from "./peak-memory.ts";

const [folder, json] = process.argv.slice(2);
const { backend, hidden, layers, batch, steps, window, vocabulary, embedding } = JSON.parse(json);
const require = createRequire(join(folder, "package.json"));
const tf = require("@tensorflow/tfjs");
if (backend === "wasm") {
  const wasm = "@tensorflow/tfjs-backend-wasm";
  require(wasm).setWasmPaths(join(folder, "node_modules", wasm, "wasm-out/"));
}
await tf.setBackend(backend);
await tf.ready();

const variable = (shape, scale) => tf.variable(tf.randomUniform(shape, -scale, scale));
const table = variable([vocabulary, embedding], 1);
const cells = Array.from({ length: layers }, (_, layer) => {
  const input = layer === 0 ? embedding : hidden;
  return {
    W: variable([input, 4 * hidden], 1 / Math.sqrt(input)),
    R: variable([hidden, 4 * hidden], 1 / Math.sqrt(hidden)),
    b: variable([4 * hidden], 0.01),
  };
});
const output = { W: variable([hidden, vocabulary], 1 / Math.sqrt(hidden)), b: variable([vocabulary], 0.01) };

// Every lane reads the same cycle of characters from a place of its own.
const at = (offset) =>
  Int32Array.from({ length: window * batch }, (_, i) => 32 + ((Math.floor(i / batch) + (i % batch) + offset) % 61));
// A look-up by a product: UnsortedSegmentSum, the gradient of a gather, is not there in every backend.
const oneHot = (values) => tf.oneHot(tf.tensor1d(values, "int32"), vocabulary).cast("float32");
const tokens = oneHot(at(0));
const targets = oneHot(at(1));

const product = tf.customGrad((a, b, save) => {
  save([a, b]);
  return {
    value: tf.matMul(a, b),
    gradFunc: (dy, [a, b]) => [tf.matMul(dy, tf.transpose(b)), tf.matMul(tf.transpose(a), dy)],
  };
});

/** The outputs of a layer [window · batch, hidden], of what its gates take of the input [window · batch, 4 · hidden]. */
const layer = tf.customGrad((projected, R, save) => {
  const one = tf.scalar(1);
  const zero = tf.zeros([batch, hidden]);
  const kept = [];
  const outputs = [];
  let [h, c] = [zero, zero];
  for (const step of tf.split(projected, window, 0)) {
    const [first, second, third, fourth] = tf.split(tf.add(step, tf.matMul(h, R)), 4, 1);
    const [i, f, g, o] = [tf.sigmoid(first), tf.sigmoid(second), tf.tanh(third), tf.sigmoid(fourth)];
    const next = tf.add(tf.mul(f, c), tf.mul(i, g));
    const bounded = tf.tanh(next);
    kept.push([i, f, g, o, c, bounded, h]);
    c = next;
    h = tf.mul(o, bounded);
    outputs.push(h);
  }
  save([R, one, zero, ...kept.flat()]);
  const gradFunc = (dy, [R, one, zero, ...flat]) => {
    const transposed = tf.transpose(R);
    const gates = [];
    let [dh, dc] = [zero, zero];
    const dys = tf.split(dy, window, 0);
    for (let t = window - 1; t >= 0; t--) {
      const [i, f, g, o, before, bounded] = flat.slice(7 * t, 7 * t + 7);
      dh = tf.add(dh, dys[t]);
      dc = tf.add(dc, tf.mul(tf.mul(dh, o), tf.sub(one, tf.square(bounded))));
      const ofSigmoid = (y, by) => tf.mul(by, tf.mul(y, tf.sub(one, y)));
      const dgates = tf.concat(
        [
          ofSigmoid(i, tf.mul(dc, g)),
          ofSigmoid(f, tf.mul(dc, before)),
          tf.mul(tf.mul(dc, i), tf.sub(one, tf.square(g))),
          ofSigmoid(o, tf.mul(dh, bounded)),
        ],
        1,
      );
      gates[t] = dgates;
      dh = tf.matMul(dgates, transposed);
      dc = tf.mul(dc, f);
    }
    const all = tf.concat(gates, 0);
    const states = tf.concat(
      Array.from({ length: window }, (_, t) => flat[7 * t + 6]),
      0,
    );
    return [all, tf.matMul(tf.transpose(states), all)];
  };
  return { value: tf.concat(outputs, 0), gradFunc };
});

function loss() {
  let x = product(tokens, table);
  for (const { W, R, b } of cells) x = layer(tf.add(product(x, W), b), R);
  const logits = tf.add(product(x, output.W), output.b);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)));
}

const optimizer = tf.train.adam(1e-3);
const milliseconds = [];
const losses = [];
for (let i = 0; i < steps; i++) {
  const start = performance.now();
  const { value, grads } = tf.variableGrads(loss);
  const clipped = tf.tidy(() => {
    const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)))));
    const scale = tf.minimum(1, tf.div(1, norm));
    return Object.fromEntries(Object.entries(grads).map(([name, by]) => [name, tf.mul(by, scale)]));
  });
  optimizer.applyGradients(clipped);
  losses.push((await value.data())[0]);
  tf.dispose([value, grads, clipped]);
  milliseconds.push(performance.now() - start);
}
const counted = milliseconds.slice(Math.floor(steps / 4));
console.log(
  JSON.stringify({
    milliseconds: counted.reduce((sum, one) => sum + one, 0) / counted.length,
    megabytes: peakMegabytes(),
    losses: [losses[0], losses.at(-1)],
  }),
);
process.exit(0);
