// One step of truncated back-propagation in TensorFlow.js, timed: the same network, batch and window as Murmur's.
// node bench/training/tensorflow.mjs FOLDER '{"backend":"wasm","hidden":256,…}', FOLDER having TensorFlow.js in node_modules
import { createRequire } from "node:module";
import { join } from "node:path";

const [folder, json] = process.argv.slice(2);
const { backend, hidden, layers, batch, steps, window, vocabulary, embedding, threads } = JSON.parse(json);
const require = createRequire(join(folder, "package.json"));
const tf = require("@tensorflow/tfjs");
const packageName = `@tensorflow/tfjs-backend-${backend}`;
const loaded = backend === "cpu" ? undefined : require(packageName);
if (backend === "wasm") {
  loaded.setWasmPaths(join(folder, "node_modules", packageName, "wasm-out/"));
  loaded.setThreadsCount(threads);
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
const indices = () => Int32Array.from({ length: window * batch }, () => Math.floor(Math.random() * vocabulary));
const oneHot = (values) => tf.oneHot(tf.tensor1d(values, "int32"), vocabulary).cast("float32");
// A look-up by a product: UnsortedSegmentSum, the gradient of a gather, is not there in every backend.
const tokens = oneHot(indices());
const targets = oneHot(indices());
const zero = tf.zeros([batch, hidden]);

function step(projected, [h, c], R) {
  const gates = tf.add(projected, tf.matMul(h, R));
  const [i, f, g, o] = tf.split(gates, 4, 1);
  const next = tf.add(tf.mul(tf.sigmoid(f), c), tf.mul(tf.sigmoid(i), tf.tanh(g)));
  return [tf.mul(tf.sigmoid(o), tf.tanh(next)), next];
}

function loss() {
  let x = tf.matMul(tokens, table);
  for (const { W, R, b } of cells) {
    const projected = tf.split(tf.add(tf.matMul(x, W), b), window, 0);
    let state = [zero, zero];
    const outputs = projected.map((at) => {
      state = step(at, state, R);
      return state[0];
    });
    x = tf.concat(outputs, 0);
  }
  const logits = tf.add(tf.matMul(x, output.W), output.b);
  return tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(logits), targets), 1)));
}

const optimizer = tf.train.adam(1e-4);
const milliseconds = [];
for (let i = 0; i < steps; i++) {
  const start = performance.now();
  const { value, grads } = tf.variableGrads(loss);
  const norm = tf.sqrt(tf.addN(Object.values(grads).map((gradient) => tf.sum(tf.square(gradient)))));
  const scale = tf.minimum(1, tf.div(1, norm));
  optimizer.applyGradients(Object.fromEntries(Object.entries(grads).map(([name, by]) => [name, tf.mul(by, scale)])));
  await value.data();
  tf.dispose([value, grads, norm, scale]);
  milliseconds.push(performance.now() - start);
}
const counted = milliseconds.slice(Math.floor(steps / 4)).sort((a, b) => a - b);
console.log(
  JSON.stringify({
    milliseconds: counted[Math.floor(counted.length / 2)],
    megabytes: process.resourceUsage().maxRSS / 1024,
  }),
);
process.exit(0);
