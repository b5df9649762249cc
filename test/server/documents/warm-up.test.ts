import assert from "node:assert/strict";
import { setTimeout } from "node:timers/promises";
import { CompletionEngine, type SuggestionRequest } from "../../../src/completion/engine.ts";
import type { Answer } from "../../../src/completion/suggestion.ts";
import type { LanguageModel } from "../../../src/model/language-model.ts";
import { warmUp } from "../../../src/server/documents/warm-up.ts";
import { fittedMemory } from "../../completion/fitted-memory.ts";
import { successionModel } from "../../completion/succession-model.ts";
import { loop } from "../learned.ts";
import { Server } from "../support.ts";

/** An engine that remembers what it was asked to complete, and which documents were closed. */
class WatchedEngine extends CompletionEngine {
  readonly texts: string[] = [];
  readonly closed: string[] = [];

  override async suggest(request: SuggestionRequest): Promise<Answer> {
    this.texts.push(request.text.toString());
    return await super.suggest(request);
  }

  override async close(uri: string): Promise<void> {
    this.closed.push(uri);
    await super.close(uri);
  }
}

describe("The warm-up of a keystroke's code", () => {
  let model: LanguageModel;
  before(async () => {
    model = await successionModel(["ab"]);
  });
  after(() => model.release());

  it("types whole lines, closes the document and learns nothing", async () => {
    const { mixture, reader } = await fittedMemory();
    const engine = new WatchedEngine(model, { mixture, reader });
    await reader.read("const known = 1;\n".repeat(5), { name: "/a.ts" });
    const before = mixture.snapshot();
    await warmUp(engine, () => true);
    const [first = "", last = ""] = [engine.texts[0], engine.texts.at(-1)];
    assert.equal(engine.texts.length, last.length - first.length + 1);
    assert.ok(last.startsWith(first) && last.slice(first.length).includes("\n") && last.endsWith("}\n"));
    assert.equal(engine.closed.length, 1);
    assert.deepEqual(mixture.snapshot(), before);
    assert.deepEqual(reader.names, ["/a.ts"]);
  });

  it("ends when a user types", async () => {
    const engine = new WatchedEngine(model);
    let steps = 0;
    await warmUp(engine, () => ++steps < 3);
    assert.equal(engine.texts.length, 2);
    assert.equal(engine.closed.length, 1);
  });

  it("closes the document also if the network fails", async () => {
    class FailingEngine extends WatchedEngine {
      override async suggest(): Promise<Answer> {
        throw new Error("no memory");
      }
    }
    const engine = new FailingEngine(model);
    await assert.rejects(
      warmUp(engine, () => true),
      /no memory/,
    );
    assert.equal(engine.closed.length, 1);
  });
});

describe("A server that was just started", () => {
  const warm = /^compiled the code of a keystroke/;
  const isWarm = (server: Server): boolean => server.log.some((line) => warm.test(line));
  let server: Server;
  let first: number;
  /** Milliseconds in which a server warms up if nobody types. */
  let usual: number;

  const start = async (enabled = true): Promise<void> => {
    server = await Server.start({ settings: { enabled } });
    first = performance.now();
  };
  afterEach(() => server.dispose());

  before(async () => {
    await start();
    await server.until(() => isWarm(server), "the warm-up");
    usual = performance.now() - first;
    await server.dispose();
  });

  it("warms up while nobody types", async () => {
    await start();
    await server.until(() => isWarm(server), "the warm-up");
  });

  it("does not where a suggestion was asked for", async () => {
    await start();
    await server.open("a.js", loop);
    while ((await server.complete("a.js", 0, 3)).length === 0 && performance.now() - first < 2 * usual)
      await setTimeout(20);
    await setTimeout(2 * usual);
    assert.equal(isWarm(server), false);
  });

  it("does not while completions are off", async () => {
    await start(false);
    await setTimeout(2 * usual);
    assert.equal(isWarm(server), false);
  });
});
