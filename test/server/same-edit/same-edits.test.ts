import assert from "node:assert/strict";
import { patched, ruleOf } from "../../../src/server/same-edit/line-rule.ts";
import { sameEdits } from "../../../src/server/same-edit/same-edits.ts";

/** The lines in which the changes that lead from one text to another are due too, as they would become. */
function due(before: string, after: string, options: Parameters<typeof sameEdits>[2] = {}): string[] {
  const lines = after.split(/\r?\n/);
  return (sameEdits(before, after, options) ?? []).map(({ line, patches }) => patched(lines[line] ?? "", patches));
}

const calls = Array.from({ length: 6 }, (_, i) => `  const r${i} = fetchInvoice(client, ${i});`).join("\n");

describe("the same edit", () => {
  it("is due where an argument is to be added to the same call, after two were", () => {
    const after = calls.replace("(client, 0)", "(client, retries, 0)").replace("(client, 1)", "(client, retries, 1)");
    assert.deepEqual(due(calls, after), [
      "  const r2 = fetchInvoice(client, retries, 2);",
      "  const r3 = fetchInvoice(client, retries, 3);",
      "  const r4 = fetchInvoice(client, retries, 4);",
      "  const r5 = fetchInvoice(client, retries, 5);",
    ]);
  });

  it("stays due in the rest while it is made in one line after the other", () => {
    const lines = calls.split("\n");
    for (const count of [2, 3, 4, 5]) {
      const after = lines.map((line, i) => (i < count ? line.replace("client, ", "client, retries, ") : line));
      assert.equal(due(calls, after.join("\n")).length, 6 - count, `${count} were changed`);
    }
  });

  it("is due where a name is replaced, after one was if it stands alike in three more lines", () => {
    const awaited = calls.replaceAll("= fetch", "= await fetch");
    const after = awaited.replace("fetchInvoice(client, 0)", "loadInvoice(client, 0)");
    assert.equal(due(awaited, after).length, 5);
    const three = (text: string): string => text.split("\n").slice(0, 3).join("\n");
    assert.deepEqual(due(three(awaited), three(after)), []);
  });

  it("is due where a wrapper is to be put around", () => {
    const lines = Array.from({ length: 5 }, (_, i) => `const total = Number(readValue(row${i}));`);
    const wrapped = lines.map((line) => line.replace("Number(", "Math.max(0, Number(").replace("));", ")));"));
    const after = [...wrapped.slice(0, 2), ...lines.slice(2)];
    assert.deepEqual(due(lines.join("\n"), after.join("\n")), wrapped.slice(2));
  });

  it("is made wherever it fits in a line, and keeps the line's own indentation", () => {
    const lines = ["a = this._args[0]", "b = this._args[1]", "    c = [this._args[2], this._args[3]]"];
    const after = ["a = this.given[0]", "b = this.given[1]", lines[2]];
    assert.deepEqual(due(lines.join("\n"), after.join("\n")), ["    c = [this.given[2], this.given[3]]"]);
  });

  it("is not due above a line that was changed, nor where it was refused", () => {
    const loaded = (...numbers: readonly number[]): string =>
      numbers.reduce((text, i) => text.replace(`fetchInvoice(client, ${i})`, `loadInvoice(client, ${i})`), calls);
    assert.deepEqual(due(calls, loaded(3, 4)), []);
    const [edit] = sameEdits(calls, loaded(0, 1)) ?? [];
    assert.deepEqual(due(calls, loaded(0, 1), { refused: new Set([edit!.key]) }), []);
  });

  it("is not taken from the line that is being edited, nor from one that was written anew", () => {
    const awaited = calls.replaceAll("= fetch", "= await fetch");
    const after = awaited.replace("fetchInvoice(client, 0)", "loadInvoice(client, 0)");
    assert.deepEqual(due(awaited, after, { current: 0 }), []);
    assert.equal(ruleOf("Validate.notNull(parentNode);", "if (parentNode != null)"), undefined);
    assert.equal(ruleOf("a  b", "a b"), undefined);
  });

  it("is found beside long lines of data, and at the end of lines that end as on Windows", () => {
    const data = `const data = "${"alpha(beta, 1), ".repeat(20_000)}";`;
    const lines = Array.from({ length: 6 }, (_, i) => `x${i} = alpha`);
    const before = [...lines, data].join("\r\n");
    const after = [...lines.map((line, i) => (i < 3 ? `${line};` : line)), data].join("\r\n");
    const found = sameEdits(before, after) ?? [];
    assert.deepEqual(
      found.map(({ line, patches }) => [line, ...patches.map(({ from, to, text }) => [from, to, text])]),
      [3, 4, 5].map((line) => [line, [10, 10, ";"]]),
    );
  });

  it("is found in long texts, but not after too much was changed to compare", () => {
    const lines = Array.from({ length: 5_000 }, (_, i) => `call${i % 50}(alpha${i % 70}, beta${i % 90}, ${i});`);
    const changed = (count: number): string =>
      lines.map((line, i) => (i < count ? line.replace("alpha", "gamma") : line)).join("\n");
    assert.ok((sameEdits(lines.join("\n"), changed(72)) ?? []).length > 0);
    assert.equal(sameEdits(lines.join("\n"), changed(500)), undefined);
  });
});
