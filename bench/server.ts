import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type Position,
  type ProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import { serverEnvironment, serverOptions } from "../src/extension/server-memory.ts";

const bundle = join(import.meta.dirname, "../dist/murmur.js");
/** Pause between keystrokes, in milliseconds, as of a fast typist. */
const pause = 60;
/** How long a process does nothing before it counts as idle, in milliseconds. */
const quiet = 2000;

/** How a suggestion is asked for, as LSP numbers it. */
export const trigger = { invoked: 1, automatic: 2 } as const;

/** What is typed, and what stands there. */
export interface Typing {
  readonly before: string;
  readonly typed: string;
  readonly following?: string;
}

/** What came of typing. */
export interface Typed {
  /** From the notification of a keystroke to its answer, in milliseconds. */
  readonly times: readonly number[];
  /** How many answers held a suggestion. */
  readonly shown: number;
  /** How many of these went on over the line's end. */
  readonly severalLines: number;
}

/** The bundled language server with the default model, over stdio, with the options of the extension. */
export class ServerUnderTest {
  readonly #process: ChildProcess;
  readonly #connection: ProtocolConnection;
  readonly #ready: Promise<void>;
  readonly #rootUri: string;

  private constructor(folder: string) {
    const server = spawn(process.execPath, [...serverOptions, bundle, "lsp", "--stdio"], {
      stdio: ["pipe", "pipe", "inherit"],
      env: { ...process.env, ...serverEnvironment },
    });
    this.#process = server;
    this.#rootUri = pathToFileURL(folder).href;
    this.#connection = createProtocolConnection(
      new StreamMessageReader(server.stdout),
      new StreamMessageWriter(server.stdin),
    );
    this.#ready = new Promise((resolve) => this.#connection.onNotification("murmur/status", () => resolve()));
    this.#connection.listen();
  }

  /** @param storage a folder for what the server keeps */
  static async start(folder: string, storage: string): Promise<ServerUnderTest> {
    const server = new ServerUnderTest(folder);
    await server.#connection.sendRequest("initialize", {
      processId: process.pid,
      rootUri: server.#rootUri,
      capabilities: {},
      initializationOptions: { storagePath: storage, canRefresh: true },
    });
    await server.#connection.sendNotification("initialized", {});
    return server;
  }

  /** When the model is loaded. */
  get ready(): Promise<void> {
    return this.#ready;
  }

  /** @returns its uri */
  async open(name: string, text: string): Promise<string> {
    const uri = `${this.#rootUri}/${name}`;
    await this.#connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "plaintext", version: 1, text },
    });
    return uri;
  }

  /** @returns the texts that are suggested */
  async complete(uri: string, position: Position, triggerKind: number): Promise<string[]> {
    const answer = await this.#connection.sendRequest("textDocument/inlineCompletion", {
      textDocument: { uri },
      position,
      context: { triggerKind },
    });
    return (answer as { readonly insertText: string }[]).map(({ insertText }) => insertText);
  }

  /**
   * Types between two texts in a new document, a key at a time, and asks for a suggestion after each; then closes it.
   * @param wait milliseconds from opening to the first key
   */
  async type(name: string, { before, typed, following = "" }: Typing, wait = 0): Promise<Typed> {
    const uri = await this.open(name, before + following);
    if (wait > 0) await setTimeout(wait);
    const times: number[] = [];
    let [shown, severalLines] = [0, 0];
    let position = endOf(before);
    for (const [i, key] of [...typed].entries()) {
      const start = performance.now();
      await this.#connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: i + 2 },
        contentChanges: [{ range: { start: position, end: position }, text: key }],
      });
      const { line, character } = position;
      position = key === "\n" ? { line: line + 1, character: 0 } : { line, character: character + key.length };
      const [suggestion] = await this.complete(uri, position, trigger.automatic);
      times.push(performance.now() - start);
      if (suggestion !== undefined) shown++;
      if (suggestion?.includes("\n")) severalLines++;
      await setTimeout(pause);
    }
    await this.close(uri);
    return { times, shown, severalLines };
  }

  async close(uri: string): Promise<void> {
    await this.#connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  }

  /** Waits until the process has had nothing to do for a while, such as after reading its workspace; for a time at most. */
  async idle(seconds: number): Promise<void> {
    const end = performance.now() + 1000 * seconds;
    let [used, since] = [-1, performance.now()];
    while (performance.now() < end && performance.now() - since < quiet) {
      const now = await this.#processorTicks();
      // One tick in a while is housekeeping.
      if (now > used + 1) [used, since] = [now, performance.now()];
      await setTimeout(100);
    }
  }

  /** Resident memory in megabytes: now, and at most so far. */
  async memory(): Promise<{ readonly now: number; readonly most: number }> {
    const status = await this.#procFile("status");
    const megabytes = (field: string): number =>
      Number(new RegExp(`${field}:\\s+(\\d+)`).exec(status)?.[1] ?? Number.NaN) / 1024;
    return { now: megabytes("VmRSS"), most: megabytes("VmHWM") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.dispose();
    const ended = new Promise((resolve) => this.#process.once("close", resolve));
    this.#process.kill();
    await ended;
  }

  /** Time on the processor, in hundredths of a second (proc(5), stat: utime and stime). */
  async #processorTicks(): Promise<number> {
    const fields = (await this.#procFile("stat")).replace(/^.*\) /, "").split(" ");
    return Number(fields[11]) + Number(fields[12]);
  }

  async #procFile(name: string): Promise<string> {
    return await readFile(`/proc/${this.#process.pid}/${name}`, "utf8").catch(() => "");
  }
}

/** The position after a text. */
export function endOf(text: string): Position {
  const lines = text.split("\n");
  return { line: lines.length - 1, character: lines.at(-1)?.length ?? 0 };
}
