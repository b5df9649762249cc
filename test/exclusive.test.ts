import assert from "node:assert/strict";
import { exclusiveQueue } from "../src/exclusive.ts";

describe("a queue of tasks", () => {
  it("runs them one at a time, in order, even after a task fails", async () => {
    const exclusively = exclusiveQueue();
    const order: string[] = [];
    const task = (name: string, milliseconds: number) => async (): Promise<string> => {
      order.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, milliseconds));
      order.push(`${name} ends`);
      if (name === "b") throw new Error("b fails");
      return name;
    };
    const results = await Promise.allSettled([
      exclusively(task("a", 20)),
      exclusively(task("b", 0)),
      exclusively(task("c", 5)),
    ]);
    assert.deepEqual(order, ["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
    assert.deepEqual(
      results.map((result) => (result.status === "fulfilled" ? result.value : result.reason.message)),
      ["a", "b fails", "c"],
    );
  });

  it("leaves out one that is aborted while it waits, and does not abort one that runs", async () => {
    const exclusively = exclusiveQueue();
    const [running, waiting] = [new AbortController(), new AbortController()];
    let end = (): void => undefined;
    const first = exclusively(() => new Promise<string>((resolve) => (end = () => resolve("first"))), running.signal);
    const second = exclusively(() => "second", waiting.signal);
    const third = exclusively(() => "third");
    await new Promise(setImmediate);
    running.abort();
    waiting.abort();
    await assert.rejects(second, { name: "AbortError" });
    end();
    assert.deepEqual(await Promise.all([first, third]), ["first", "third"]);
  });
});
