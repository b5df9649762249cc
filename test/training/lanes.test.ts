import assert from "node:assert/strict";
import fc from "fast-check";
import { textSource } from "../../src/corpus/text-source.ts";
import { conditionLength } from "../../src/model/condition.ts";
import { tasks } from "../../src/model/info.ts";
import { createTokenizer, startToken } from "../../src/model/tokenizer.ts";
import { type Batch, Lanes } from "../../src/training/lanes.ts";
import { laneSourceOf } from "../../src/training/tasks/examples.ts";
import { labelsOf } from "../../src/training/tasks/labelled.ts";

const tokenizer = createTokenizer("byte", []);

interface Setting {
  readonly texts: readonly string[];
  readonly batch: number;
  readonly window: number;
  readonly seed: number;
}

const languageModel = { task: "many-to-many", labels: [] } as const;

function lanesOf(setting: Setting): Lanes {
  const sources = setting.texts.map((text, i) => textSource(`${i}`, text));
  return new Lanes(laneSourceOf(languageModel, sources, tokenizer, setting), { batch: setting.batch, hidden: 1 });
}

function emptyBatch({ window, batch }: Pick<Setting, "window" | "batch">): Batch {
  const count = window * batch;
  return {
    tokens: new Int32Array(count),
    targets: new Int32Array(count),
    lossWeights: new Float32Array(count),
    condition: new Int32Array(),
    enters: new Float32Array(batch),
    states: [],
  };
}

/** What each lane reads, and its targets, over some steps. */
function read(lanes: Lanes, setting: Setting, steps: number): { tokens: number[]; targets: number[] }[] {
  const into = emptyBatch(setting);
  const columns = Array.from({ length: setting.batch }, () => ({ tokens: [] as number[], targets: [] as number[] }));
  for (let step = 0; step < steps; step++) {
    lanes.fill(into);
    for (let i = 0; i < into.tokens.length; i++) {
      columns[i % setting.batch]!.tokens.push(into.tokens[i]!);
      columns[i % setting.batch]!.targets.push(into.targets[i]!);
    }
  }
  return columns;
}

const settings = fc.record({
  texts: fc.array(fc.string({ minLength: 1, maxLength: 60 }), { minLength: 1, maxLength: 8 }),
  batch: fc.integer({ min: 1, max: 5 }),
  window: fc.integer({ min: 1, max: 9 }),
  seed: fc.nat(1000),
});

describe("the lanes", () => {
  it("read each text whole, after a start token, and have the next token as target", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ minLength: 1, maxLength: 20 }), { minLength: 1, maxLength: 6 }), (texts) => {
        const setting = { texts, batch: 1, window: 4, seed: 1 };
        const [lane] = read(lanesOf(setting), setting, 60);
        const { tokens, targets } = lane!;
        assert.deepEqual(targets.slice(0, -1), tokens.slice(1));
        const epoch = tokens.slice(
          0,
          texts.reduce((sum, text) => sum + tokenizer.encode(text).length + 1, 0),
        );
        const split = tokenizer.decode(epoch.map((token) => (token === startToken ? 1 : token)));
        assert.deepEqual(split.split("\u0001").slice(1).sort(), [...texts].sort());
      }),
    );
  });

  it("share out what a corpus of one text holds, so that each has something else to read", () => {
    const text = "abcdefghijklmnopqrstuvwxyz".repeat(8);
    const setting = { texts: [text], batch: 4, window: 13, seed: 1 };
    const lanes = read(lanesOf(setting), setting, 4);
    const targets = lanes.map((lane) => tokenizer.decode(lane.targets));
    assert.equal(targets.join(""), text);
  });

  it("resume from a stored place as if they had never stopped", () => {
    fc.assert(
      fc.property(settings, fc.nat(20), (setting, steps) => {
        const whole = lanesOf(setting);
        read(whole, setting, steps);
        const resumed = lanesOf(setting);
        resumed.restore(structuredClone(whole.save()));
        assert.deepEqual(read(resumed, setting, 10), read(whole, setting, 10));
        assert.deepEqual([resumed.chars, resumed.tokens], [whole.chars, whole.tokens]);
      }),
    );
  });

  it("of every task resume from a stored place, with each condition where it belongs", () => {
    const code = (name: string, line: string) => textSource(name, line.repeat(30));
    const sources = [code("a.ts", "let x = f(y);\n"), code("lib/b.py", "x = f(y)\n"), code("c.css", "a { b: c }\n")];
    const labels = labelsOf(sources);
    const setting = { batch: 3, window: 8, seed: 5 };
    for (const task of tasks) {
      const length = conditionLength(task);
      const make = (): Lanes =>
        new Lanes(laneSourceOf({ task, labels }, sources, tokenizer, setting), { batch: setting.batch, hidden: 1 });
      const stepsOf = (lanes: Lanes, count: number): Batch[] => {
        const into = { ...emptyBatch(setting), condition: new Int32Array(length * setting.batch) };
        return Array.from({ length: count }, () => {
          lanes.fill(into);
          // A lane whose condition does not enter keeps what an earlier one left there.
          const condition = into.condition.map((token, i) => into.enters[i % setting.batch]! * token);
          return structuredClone({ ...into, condition });
        });
      };
      using whole = make();
      // Into the second epoch of the shortest.
      stepsOf(whole, 41);
      using resumed = make();
      resumed.restore(structuredClone(whole.save()));
      const expected = stepsOf(whole, 90);
      assert.deepEqual(stepsOf(resumed, 90), expected);
      assert.equal(
        expected.some(({ condition }) => condition.some((token) => token !== 0)),
        length > 0,
      );
    }
  });

  it("read the texts in an order that the seed decides, another in each epoch", () => {
    const texts = [..."abcdefgh"];
    const order = (seed: number): string => {
      const setting = { texts, batch: 1, window: 16, seed };
      return tokenizer.decode(read(lanesOf(setting), setting, 2)[0]!.tokens);
    };
    assert.equal(order(1), order(1));
    assert.notEqual(order(1), order(2));
    assert.notEqual(order(1).slice(0, 8), order(1).slice(8));
  });

  it("say so if no text is left", () => {
    const lanes = new Lanes({ carries: true, examplesOf: () => [] }, { batch: 2, hidden: 1 });
    assert.throws(() => lanes.fill(emptyBatch({ window: 2, batch: 2 })), /no text left/);
  });
});
