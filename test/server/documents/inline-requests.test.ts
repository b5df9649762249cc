import assert from "node:assert/strict";
import { EventEmitter, once } from "node:events";
import { PassThrough } from "node:stream";
import { setTimeout } from "node:timers/promises";
import {
  createConnection,
  createProtocolConnection,
  InlineCompletionTriggerKind,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { type Answer, CompletionEngine, type SuggestionRequest } from "../../../src/completion/engine.ts";
import type { LanguageModel } from "../../../src/model/language-model.ts";
import { Enablement } from "../../../src/server/documents/enablement.ts";
import { InlineRequests } from "../../../src/server/documents/inline-requests.ts";
import { TrackedDocument } from "../../../src/server/documents/tracked-document.ts";
import { type RequestDetails, refreshNotification } from "../../../src/server/protocol.ts";
import { defaultSettings } from "../../../src/server/settings.ts";
import { successionModel } from "../../completion/succession-model.ts";

/** A client of a server that completes these documents, connected and not listening yet. */
function clientOf(
  engine: CompletionEngine,
  document: (uri: string) => TrackedDocument | undefined,
): ProtocolConnection {
  const [up, down] = [new PassThrough(), new PassThrough()];
  const server = createConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  new InlineRequests(server, {
    document,
    before: () => "",
    engine: () => engine,
    settings: () => defaultSettings,
    enablement: new Enablement(async () => true),
    isExcluded: () => false,
    canRefresh: true,
  }).listen();
  server.listen();
  return createProtocolConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
}

describe("a request that ran out of time", () => {
  let model: LanguageModel;
  before(async () => {
    model = await successionModel(["abcdefghijklmnop"]);
  });
  after(() => model.release());

  const documents = new Map<string, TrackedDocument>();
  const refreshes: string[] = [];
  const refreshed = new EventEmitter();
  let client: ProtocolConnection;
  let clock = 0;
  /** Milliseconds between two looks at the clock: by default, each comes after the end of any limit. */
  let pace: number;
  beforeEach(() => {
    documents.clear();
    refreshes.length = 0;
    pace = 60_000;
    const engine = new CompletionEngine(model, { now: () => (clock += pace) });
    client = clientOf(engine, (uri) => documents.get(uri));
    client.onNotification(refreshNotification, ({ uri }: { uri: string }) => {
      refreshes.push(uri);
      refreshed.emit(uri);
    });
    client.listen();
  });
  afterEach(() => client.dispose());

  const open = (uri: string): void => {
    documents.set(uri, new TrackedDocument(uri, "plaintext", 1, "a"));
  };
  const complete = async (uri: string, details: RequestDetails = {}): Promise<string[]> => {
    const items = await client.sendRequest<{ readonly insertText: string }[]>("textDocument/inlineCompletion", {
      textDocument: { uri },
      position: { line: 0, character: 1 },
      context: { triggerKind: InlineCompletionTriggerKind.Automatic },
      ...details,
    });
    return items.map(({ insertText }) => insertText);
  };

  it("goes on after its answer, unless the document was closed meanwhile, even if it is open again", async () => {
    for (const uri of ["file:///closed.txt", "file:///again.txt"]) {
      open(uri);
      await complete(uri);
      documents.delete(uri);
    }
    open("file:///again.txt");
    const after = once(refreshed, "file:///open.txt");
    open("file:///open.txt");
    await complete("file:///open.txt");
    await after;
    assert.deepEqual(refreshes, ["file:///open.txt"]);
  });

  it("has more time if the client will not request again", async () => {
    pace = 1;
    const [first, last] = ["file:///first.txt", "file:///last.txt"] as const;
    for (const uri of [first, last]) open(uri);
    assert.deepEqual(await complete(last, { isLast: true }), ["bcdefghijklmnop"]);
    const refresh = once(refreshed, first);
    assert.notDeepEqual(await complete(first), ["bcdefghijklmnop"]);
    await refresh;
    assert.deepEqual(refreshes, [first]);
  });
});

/** Records what is open in it. */
class WatchedEngine extends CompletionEngine {
  readonly open = new Set<string>();

  override precede(uri: string, before: string): void {
    this.open.add(uri);
    super.precede(uri, before);
  }

  override async suggest(request: SuggestionRequest): Promise<Answer> {
    this.open.add(request.uri);
    return await super.suggest(request);
  }

  override async close(uri: string): Promise<void> {
    this.open.delete(uri);
    await super.close(uri);
  }
}

describe("a document that is closed while it is completed", () => {
  const uri = "file:///a.txt";
  let model: LanguageModel;
  let engine: WatchedEngine;
  let document: TrackedDocument;
  let isOpen: boolean;
  let client: ProtocolConnection;
  before(async () => {
    model = await successionModel(["abcdefghijklmnop"]);
  });
  after(() => model.release());
  beforeEach(() => {
    engine = new WatchedEngine(model);
    document = new TrackedDocument(uri, "plaintext", 1, "a\na\na");
    isOpen = true;
    client = clientOf(engine, () => (isOpen ? document : undefined));
    client.listen();
  });
  afterEach(() => client.dispose());

  const close = (): void => {
    isOpen = false;
    void engine.close(uri);
  };
  const complete = async (): Promise<void> => {
    const [textDocument, position] = [{ uri }, { line: 0, character: 1 }];
    const context = { triggerKind: InlineCompletionTriggerKind.Invoked };
    await client.sendRequest("textDocument/inlineCompletion", { textDocument, position, context });
  };

  it("leaves nothing open in the engine", async () => {
    // The client's answer is on its way.
    document.enablement.next = setTimeout(20)
      .then(close)
      .then(() => true);
    await complete();
    assert.deepEqual([isOpen, ...engine.open], [false]);
  });
});
