import assert from "node:assert/strict";
import { NaiveBayes } from "../../../bench/tasks/naive-bayes.ts";

const examples = [
  { label: "python", text: "def total(items):\n    return sum(item.price for item in items)\n" },
  { label: "c", text: "static int total(const struct item *items, size_t n)\n{\n\tint sum = 0;\n\treturn sum;\n}\n" },
  { label: "css", text: ".total {\n  color: red;\n  margin: 0 auto;\n}\n" },
];

/** Characters that are in no other text. */
function others(text: number): string {
  return Array.from({ length: 300 }, (_, i) => String.fromCharCode(0x4e00 + 300 * text + i)).join("");
}

describe("naive Bayes over character n-grams", () => {
  it("recognises its examples and similar texts", async () => {
    const classifier = await NaiveBayes.train(examples);
    for (const { text, label } of examples) assert.equal(classifier.classify(text), label);
    assert.equal(classifier.classify("def price(item):\n    return item.price\n"), "python");
    assert.equal(classifier.classify("static size_t size(const struct list *list)\n{\n"), "c");
    assert.equal(classifier.classify(".cart {\n  margin: auto;\n"), "css");
  });

  it("counts an n-gram once in an example, however often it occurs", async () => {
    const classifier = await NaiveBayes.train([
      { label: "one", text: `${"abc ".repeat(500)}${others(0)}` },
      { label: "one", text: others(1) },
      { label: "two", text: `abc ${others(2)}` },
      { label: "two", text: `abc ${others(3)}` },
    ]);
    assert.equal(classifier.classify("abc"), "two");
  });

  it("counts an n-gram once in the text that it classifies", async () => {
    const classifier = await NaiveBayes.train([
      { label: "java", text: "import java.util.List;\n" },
      { label: "shell", text: `${"#".repeat(20)}\necho done and well\n` },
    ]);
    assert.equal(classifier.classify("#".repeat(200)), "shell");
    assert.equal(classifier.classify(`import java${"#".repeat(200)}`), "java");
  });

  it("treats all labels as equally likely, however many examples each has", async () => {
    const [python, c] = examples;
    assert.ok(python && c);
    const classifier = await NaiveBayes.train([...Array.from({ length: 50 }, () => python), c]);
    assert.equal(classifier.classify("static int sum"), "c");
  });

  it("learns from examples one at a time, and labels any text", async () => {
    async function* stream() {
      yield* examples;
    }
    const classifier = await NaiveBayes.train(stream());
    assert.equal(classifier.classify(examples[1]!.text), "c");
    for (const text of ["", "\n", "\u{1F600}", "語"]) {
      assert.ok(examples.some(({ label }) => label === classifier.classify(text)));
    }
  });

  it("refuses to classify before it has seen anything", async () => {
    const classifier = await NaiveBayes.train([]);
    assert.throws(() => classifier.classify("x"), RangeError);
  });
});
