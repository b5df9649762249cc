import assert from "node:assert/strict";
import fc from "fast-check";
import { MixingNetwork } from "../../../src/completion/prediction/mixing-network.ts";
import { Random } from "../../../src/random.ts";

const sizes = { inputs: 3, features: 2, byteChoices: [4], bitChoices: [5, 2] };

function newNetwork(seed = 1): MixingNetwork {
  const network = new MixingNetwork(sizes);
  network.initialize(new Random(seed));
  return network;
}

interface Example {
  readonly inputs: readonly number[];
  readonly features: readonly number[];
  readonly choice: number;
  readonly choices: readonly [number, number];
  readonly bit: number;
}

function predict(network: MixingNetwork, { inputs, features, choice, choices }: Example): number {
  network.features.set(features);
  network.look([choice]);
  return network.mix(Float32Array.from(inputs), choices);
}

/** The cost of the bit that came, in nats. */
function cost(network: MixingNetwork, example: Example): number {
  const x = predict(network, example);
  return Math.log(1 + Math.exp(example.bit === 1 ? -x : x));
}

const value = fc.double({ min: -3, max: 3, noNaN: true });
const example = fc.record({
  inputs: fc.array(fc.oneof(value, fc.constant(0)), { minLength: 3, maxLength: 3 }),
  features: fc.array(value, { minLength: 2, maxLength: 2 }),
  choice: fc.nat(3),
  choices: fc.tuple(fc.nat(4), fc.nat(1)),
  bit: fc.nat(1),
});

describe("The mixing network", () => {
  it("learns along the gradient of the cost, in every weight", () => {
    fc.assert(
      fc.property(example, example, (one, earlier) => {
        const network = newNetwork();
        // What an earlier byte taught is not counted again.
        predict(network, earlier);
        network.learn(earlier.bit, 0);
        network.endByte(0);
        const x = predict(network, one);
        // What is predicted well teaches nothing.
        fc.pre(Math.abs(one.bit - 1 / (1 + Math.exp(-x))) > 0.01);
        const before = network.weights.slice();
        const rate = 1e-3;
        network.learn(one.bit, rate);
        network.endByte(rate);
        const learned = network.weights.map((weight, i) => (weight - before[i]!) / rate);
        network.weights.set(before);
        const here = cost(network, one);
        const step = 2e-3;
        for (let i = 0; i < before.length; i += 7) {
          // A unit has a kink at 0, where the slope to the left and to the right differ.
          const slopes = [step, -step].map((shift) => {
            network.weights.set(before);
            network.weights[i] = before[i]! + shift;
            return (cost(network, one) - here) / shift;
          });
          const isOne = slopes.some((slope) => Math.abs(learned[i]! + slope) < 0.02 + 0.05 * Math.abs(slope));
          assert.ok(isOne, `${i}: ${learned[i]} and ${slopes}`);
        }
      }),
      { numRuns: 40 },
    );
  });

  it("learns to trust one prediction only where another one agrees, which no weighted sum can", () => {
    const network = newNetwork();
    const random = new Random(3);
    const examples = Array.from({ length: 4000 }, (): Example => {
      const [a, b] = [random.below(2), random.below(2)];
      const inputs = [a === 1 ? 2 : -2, b === 1 ? 2 : -2, 0];
      return { inputs, features: [1, 0], choice: 0, choices: [0, 0], bit: a === b ? 1 : 0 };
    });
    for (const one of [...examples, ...examples]) {
      predict(network, one);
      network.learn(one.bit, 0.05);
      network.endByte(0.05);
    }
    const mean = examples.reduce((sum, one) => sum + cost(network, one), 0) / examples.length;
    assert.ok(mean < 0.1, `${mean} nats per bit`);
  });

  it("predicts nothing before it is trained", () => {
    const network = new MixingNetwork(sizes);
    fc.assert(fc.property(example, (one) => predict(network, one) === 0));
  });
});
