import assert from "node:assert/strict";
import fc from "fast-check";
import { textSource } from "../../src/corpus/text-source.ts";
import { exampleCosts } from "../../src/model/bits-per-char.ts";
import type { ParameterSpec } from "../../src/model/cell.ts";
import { type CellName, cells } from "../../src/model/cells.ts";
import { conditionLength, contextOf, followingOf } from "../../src/model/condition.ts";
import { type Architecture, tasks } from "../../src/model/info.ts";
import { LanguageModel } from "../../src/model/language-model.ts";
import { parameterSpecs } from "../../src/model/parameters.ts";
import { createTokenizer } from "../../src/model/tokenizer.ts";
import { Random } from "../../src/random.ts";
import { Lanes } from "../../src/training/lanes.ts";
import { TrainingStep } from "../../src/training/step.ts";
import { laneSourceOf, measuredExamples } from "../../src/training/tasks/examples.ts";
import { drawGap, gapExamples } from "../../src/training/tasks/gaps.ts";
import { labelledExamples } from "../../src/training/tasks/labelled.ts";
import { textExamples } from "../../src/training/tasks/texts.ts";
import { modelFileOf, randomWeights } from "../support/models.ts";

const tokenizer = createTokenizer("byte", []);
const line = "for (const item of items) {\n  total += item.price;\n}\n";
const sources = [
  textSource("src/sum-of-items.ts", line.repeat(2)),
  textSource("lib/total.py", "for item in items:\n    total += item.price\n".repeat(2)),
];
const random = (): Random => new Random(1);

type Links = Pick<Architecture, "residual" | "layerNorm" | "tied">;

function architectureOf(
  cell: CellName,
  task: Architecture["task"],
  links: Links = { residual: true, layerNorm: true, tied: false },
): Architecture {
  const labels = task === "many-to-one" ? ["python", "typescript"] : [];
  return { cell, layers: 2, hidden: 6, embedding: links.tied ? 6 : 4, ...links, task, labels };
}

for (const cell of Object.keys(cells) as CellName[]) {
  const kinds = [
    ...tasks.map((task) => ({ task, residual: true, layerNorm: true, tied: false })),
    ...tasks.map((task) => ({ task, residual: true, layerNorm: true, tied: true })),
    { task: tasks[0], residual: true, layerNorm: false, tied: false },
    { task: tasks[0], residual: false, layerNorm: true, tied: false },
    { task: tasks[0], residual: false, layerNorm: false, tied: false },
  ];
  for (const { task, ...links } of kinds) {
    const linked = Object.entries(links).flatMap(([name, has]) => (has ? [name] : []));
    describe(`a ${task} network of ${cell} cells (${linked.join(", ") || "plain"})`, () => {
      const architecture = architectureOf(cell, task, links);
      const specs = parameterSpecs(architecture, tokenizer.size);
      const options = { batch: 2, window: 16, seed: 3, dropout: 0, threads: 1, busyWait: false };

      it("is trained on what its model file predicts, and by the gradient of that", async () => {
        const weights = randomWeights(architecture, tokenizer);
        await using step = await TrainingStep.create(architecture, tokenizer.size, options, weights);
        const reading = laneSourceOf(architecture, sources, tokenizer, options);
        const losses: number[] = [];
        let checked = false;
        const lanes = new Lanes(reading, { batch: 2, hidden: architecture.hidden });
        for (let i = 0; i < 4; i++) {
          lanes.fill(step.batch);
          const states = step.states.map((state) => state.slice());
          const restore = (): void => step.states.forEach((state, j) => state.set(states[j]!));
          losses.push(await step.run(random()));
          // For a task with a condition, the step in which one enters.
          const isChecked = conditionLength(task) === 0 ? i === 3 : step.batch.enters.includes(1);
          if (!isChecked || checked) continue;
          checked = true;
          await assertGradients(step, specs, weights, restore);
        }
        assert.ok(checked);
        const expected = await modelLosses(architecture, weights, options, losses.length);
        losses.forEach((loss, i) => assert.ok(Math.abs(loss - expected[i]!) < 1e-5, `${loss} and ${expected[i]}`));
      });
    });
  }

  it(`dropout of the output of ${cell} cells has its gradient too`, async () => {
    const architecture = architectureOf(cell, "many-to-many");
    const options = { batch: 2, window: 16, seed: 3, dropout: 0.5, threads: 1, busyWait: false };
    const weights = randomWeights(architecture, tokenizer);
    await using step = await TrainingStep.create(architecture, tokenizer.size, options, weights);
    new Lanes(laneSourceOf(architecture, sources, tokenizer, options), { batch: 2, hidden: 6 }).fill(step.batch);
    const states = step.states.map((state) => state.slice());
    const restore = (): void => step.states.forEach((state, j) => state.set(states[j]!));
    await step.run(random());
    await assertGradients(step, parameterSpecs(architecture, tokenizer.size), weights, restore);
  });
}

/** The largest gradient of each parameter against central differences, with the step's batch and the states that `restore` brings back. */
async function assertGradients(
  step: TrainingStep,
  specs: readonly ParameterSpec[],
  weights: readonly Float32Array[],
  restore: () => void,
): Promise<void> {
  const lossNow = async (): Promise<number> => {
    restore();
    return step.run(random());
  };
  const gradients = step.gradients.map((gradient) => gradient.slice());
  const delta = 1e-2;
  for (const [i, spec] of specs.entries()) {
    const at = gradients[i]!.reduce((best, value, j, all) => (Math.abs(value) > Math.abs(all[best]!) ? j : best), 0);
    const analytic = gradients[i]![at]!;
    assert.ok(Math.abs(analytic) > 1e-4, `${spec.name} changes something: ${analytic}`);
    const before = weights[i]![at]!;
    weights[i]![at] = before + delta;
    const above = await lossNow();
    weights[i]![at] = before - delta;
    const below = await lossNow();
    weights[i]![at] = before;
    const numeric = (above - below) / (2 * delta);
    assert.ok(
      Math.abs(numeric - analytic) < 1e-4 + 2e-2 * Math.abs(numeric),
      `${spec.name}: ${analytic}, differences ${numeric}`,
    );
  }
  await lossNow();
}

/** The mean loss of each step's targets, by the model file and one token at a time. */
async function modelLosses(
  architecture: Architecture,
  weights: readonly Float32Array[],
  options: { batch: number; window: number; seed: number },
  steps: number,
): Promise<number[]> {
  const model = await LanguageModel.loadAny(modelFileOf(architecture, tokenizer, weights).bytes);
  const states = Array.from({ length: options.batch }, () => model.start());
  const fields = { condition: new Int32Array(256), enters: new Float32Array(options.batch), states: [] };
  const count = options.batch * options.window;
  const length = conditionLength(architecture.task);
  const batch = {
    ...fields,
    condition: fields.condition.subarray(0, length * options.batch),
    tokens: new Int32Array(count),
    targets: new Int32Array(count),
    lossWeights: new Float32Array(count),
    // One number for each lane: zero where the lane starts again.
    states: [new Float32Array(options.batch)],
  };
  const lanes = new Lanes(laneSourceOf(architecture, sources, tokenizer, options), { batch: options.batch, hidden: 1 });
  const losses: number[] = [];
  for (let step = 0; step < steps; step++) {
    batch.states[0]!.fill(1);
    lanes.fill(batch);
    let loss = 0;
    for (let lane = 0; lane < options.batch; lane++) {
      if (batch.states[0]![lane] === 0) states[lane] = model.start();
      if (batch.enters[lane] === 1) {
        const condition = Int32Array.from({ length }, (_, i) => batch.condition[i * options.batch + lane]!);
        const added = await model.entering(condition);
        for (const [i, tensor] of states[lane]!.entries()) {
          const data = tensor.data as Float32Array;
          data.forEach((value, j) => {
            data[j] = value + added[i]![j]!;
          });
        }
      }
      for (let t = 0; t < options.window; t++) {
        const at = t * options.batch + lane;
        const { state, logits } = await model.read(states[lane]!, Int32Array.of(batch.tokens[at]!));
        states[lane] = state;
        const total = logits.reduce((sum, value) => sum + Math.exp(value), 0);
        loss -= batch.lossWeights[at]! * Math.log(Math.exp(logits[batch.targets[at]!]!) / total);
      }
    }
    losses.push(loss);
  }
  await model.release();
  return losses;
}

describe("what is measured of a network", () => {
  it("is the same side by side as alone, whatever enters where", async () => {
    for (const task of tasks) {
      const architecture = architectureOf("lstm", task);
      const weights = randomWeights(architecture, tokenizer);
      const model = await LanguageModel.loadAny(modelFileOf(architecture, tokenizer, weights).bytes);
      const examples = measuredExamples(architecture, sources, tokenizer, 16);
      assert.ok(examples.length > 0);
      const together = await exampleCosts(model, examples);
      for (const [i, example] of examples.entries()) {
        const [alone] = await exampleCosts(model, [example]);
        assert.ok(alone!.bits > 0 && Math.abs(alone!.bits - together[i]!.bits) < 1e-3 * alone!.bits);
      }
      await model.release();
    }
  });

  it("is refused where there is nothing to predict", () => {
    const long = [textSource("a.ts", "x".repeat(500))];
    const of = (task: Architecture["task"]): unknown =>
      measuredExamples(architectureOf("lstm", task), long, tokenizer, 16);
    assert.throws(() => of("sequence-to-sequence"), /held-out text has no line, or end of a line/);
    const unknown = [textSource("LICENCE", "some text\n".repeat(50))];
    assert.throws(
      () => measuredExamples(architectureOf("lstm", "many-to-one"), unknown, tokenizer, 16),
      /held-out text has no file .* languages to classify \(python, typescript\)/,
    );
  });
});

describe("the labelled pieces", () => {
  it("have all labels equally often, however little text there is of one, and cut no character", () => {
    const [few, many] = [textSource("a.py", "pass  # 😀\n"), textSource("b.ts", `${"😀".repeat(30)}\n`.repeat(200))];
    const examples = [
      ...labelledExamples([few, many], tokenizer, ["css", "python", "typescript"], { random: random(), least: 1 }),
    ];
    const counts = [0, 1, 2].map((label) => examples.filter(({ targets }) => targets[0] === label).length);
    assert.equal(counts[0], 0);
    assert.ok(counts[1] === counts[2] && counts[1]! > 10, String(counts));
    for (const { tokens, targets, chars } of examples) {
      const text = tokenizer.decode(tokens);
      assert.ok(text.length === chars && !text.includes("\ufffd"));
      assert.equal(new Set(targets).size, 1);
    }
  });
});

describe("what is read side by side", () => {
  const texts = Array.from({ length: 8 }, (_, i) => textSource(`${i}.ts`, `${i}`.repeat(9).concat("\n").repeat(200)));
  const options = { seed: 1, batch: 4, window: 8 };
  for (const task of tasks) {
    // A language model's lanes each read a text on and on, and carry their state.
    if (task === "many-to-many") continue;
    it(`is of different texts (${task})`, () => {
      const reading = laneSourceOf({ task, labels: ["typescript"] }, texts, tokenizer, options);
      const examples = [...reading.examplesOf(0)].slice(0, options.batch);
      assert.equal(new Set(examples.map(({ tokens }) => tokens.at(-2))).size, options.batch);
    });
  }
});

describe("a long text of which its name is known", () => {
  it("has the path as condition of each piece", () => {
    const source = textSource("a/b.ts", "some text\n".repeat(50));
    const examples = [...textExamples(source, tokenizer, { length: 100, withContext: true })];
    assert.equal(examples.length, 5);
    for (const { condition } of examples) assert.deepEqual(condition, { at: 0, tokens: contextOf("a/b.ts") });
  });
});

describe("the gaps", () => {
  it("are counted in characters, and none is cut", () => {
    const text = "let x = '😀😀';\n".repeat(300);
    const options = { random: random(), window: 8, onlyGap: false };
    const examples = [...gapExamples(textSource("a.ts", text), tokenizer, options)];
    assert.ok(examples.length > 5);
    for (const { targets, from, chars } of examples) {
      const gap = tokenizer.decode(targets.subarray(from));
      assert.equal(gap.length, chars);
      assert.ok(text.includes(gap) && !gap.includes("\ufffd"), gap);
    }
  });

  it("are the ends of lines and whole lines, and what is read is what stands before them", () => {
    const text = line.repeat(5);
    const window = 8;
    fc.assert(
      fc.property(fc.nat(1000), (seed) => {
        const gap = drawGap(text, new Random(seed));
        if (!gap) return;
        const filled = text.slice(gap.start, gap.end);
        assert.ok(filled.endsWith("\n") && !filled.slice(0, -1).includes("\n"));
      }),
    );
    const options = { random: random(), window, onlyGap: true };
    const examples = [...gapExamples(textSource("a.ts", text), tokenizer, options)];
    assert.ok(examples.length > 0);
    for (const { tokens, targets, from, chars, condition } of examples) {
      assert.equal(condition!.at % window, 0);
      assert.deepEqual([...targets.subarray(0, -1)], [...tokens.subarray(1)]);
      const gap = tokenizer.decode(targets.subarray(from));
      assert.equal(gap.length, chars);
      assert.ok(text.includes(tokenizer.decode(targets)));
      const following = tokenizer.decode([...condition!.tokens].reverse());
      assert.ok(text.includes(gap + following), gap + following);
    }
  });
});

describe("what is known of a file", () => {
  it("is its ending and the words of its name and folders, however they are joined", () => {
    assert.deepEqual(contextOf("src/documentLearner.ts"), contextOf("src/document-learner.ts"));
    assert.deepEqual(contextOf("src/document_learner.TS"), contextOf("src/document-learner.ts"));
    const [ending] = contextOf("a/b.py");
    assert.equal(contextOf("c/d.py")[0], ending);
    assert.notEqual(contextOf("c/d.js")[0], ending);
    assert.notDeepEqual(contextOf("test/a.ts"), contextOf("a/test.ts"));
  });

  it("is of what follows the cursor the nearest, which is read last", () => {
    const read = followingOf(tokenizer, "abc");
    assert.equal(tokenizer.decode(read.subarray(-3)), "cba");
    assert.equal(read.length, followingOf(tokenizer, "x".repeat(1000)).length);
  });
});
