import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import {
  type ConfigurationItem,
  createProtocolConnection,
  ErrorCodes,
  type InlineCompletionItem,
  type InlineCompletionParams,
  InlineCompletionTriggerKind,
  MessageType,
  type ProtocolConnection,
  type Range,
  ResponseError,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver/node";
import type { Status } from "../../src/server/protocol.ts";
import type { TrainResult } from "../../src/server/training-protocol.ts";

const root = join(import.meta.dirname, "../..");
const sources = [process.execPath, join(root, "src/cli/main.ts"), "lsp", "--stdio"] as const;

export interface ServerOptions {
  /** Files of the workspace, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  /** The section murmur of the settings. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** The extensions of languages that completions are switched off in. */
  readonly offIn?: readonly string[];
  /** The folder of an earlier server, to start with what it left. */
  readonly folder?: string;
  /** Files put into the storage folder before the server starts. */
  readonly stored?: Readonly<Record<string, Uint8Array>>;
  /** The program and its arguments, instead of the command line's source. */
  readonly command?: readonly [program: string, ...args: string[]];
  /** The process's whole environment, instead of this process's. */
  readonly env?: NodeJS.ProcessEnv | undefined;
  /** Overrides of the client's initialization parameters. */
  readonly initialize?: Readonly<Record<string, unknown>>;
  /** The client's initialization parameters, instead of the usual ones. */
  readonly parameters?: object;
  /** Initialization options besides the storage folder. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Requests from the server that the client refuses. */
  readonly refused?: readonly string[];
  /** Requests from the server that the client leaves unanswered. */
  readonly unanswered?: readonly string[];
  /** The client's answers to the server's requests, instead of the correct ones. */
  readonly answers?: Readonly<Record<string, unknown>>;
}

/** The language server in a process of its own, and a client that talks to it over stdio. */
export class Server {
  readonly folder: string;
  readonly connection: ProtocolConnection;
  readonly process: ChildProcess;
  readonly statuses: Status[] = [];
  readonly messages: string[] = [];
  /** The lines of the server's log. */
  readonly log: string[] = [];
  /** The errors in the log, such as a handler that threw. */
  readonly errors: string[] = [];
  /** The URIs of documents for which the server asked the client to request again. */
  readonly refreshes: string[] = [];
  readonly progress: { kind: string; percentage?: number; message?: string }[] = [];
  settings: Record<string, unknown>;
  #offIn: readonly string[] = [];
  #asked = 0;
  readonly #versions = new Map<string, number>();

  private constructor(folder: string, settings: Record<string, unknown>, { command = sources, env }: ServerOptions) {
    this.folder = folder;
    this.settings = settings;
    const [program, ...args] = command;
    this.process = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"], env });
    this.connection = createProtocolConnection(
      new StreamMessageReader(this.process.stdout!),
      new StreamMessageWriter(this.process.stdin!),
    );
  }

  static async start(options: ServerOptions = {}): Promise<Server> {
    const { files = {}, settings = {}, offIn = [], folder, stored = {} } = options;
    const place = folder ?? (await mkdtemp(join(tmpdir(), "murmur-server-")));
    const server = new Server(place, { ...settings }, options);
    server.#offIn = offIn;
    for (const [name, content] of Object.entries(files)) await server.write(`workspace/${name}`, content);
    for (const [name, content] of Object.entries(stored)) await server.write(`storage/${name}`, content);
    await mkdir(join(place, "workspace"), { recursive: true });
    await server.#initialize(options);
    return server;
  }

  async write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.folder, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  async #initialize({
    initialize,
    parameters,
    options,
    refused = [],
    unanswered = [],
    answers = {},
  }: ServerOptions): Promise<void> {
    const { connection } = this;
    connection.onNotification("murmur/status", (status: Status) => {
      this.statuses.push(status);
    });
    connection.onNotification("murmur/refresh", ({ uri }: { uri: string }) => {
      this.refreshes.push(uri);
    });
    connection.onNotification("window/showMessage", ({ message }: { message: string }) => {
      this.messages.push(message);
    });
    connection.onNotification("window/logMessage", ({ type, message }: { type: number; message: string }) => {
      this.log.push(message);
      if (type === MessageType.Error) this.errors.push(message);
    });
    connection.onNotification(
      "$/progress",
      ({ value }: { value: { kind: string; percentage?: number; message?: string } }) => {
        this.progress.push(value);
      },
    );
    connection.onRequest("client/registerCapability", () => null);
    connection.onRequest("workspace/configuration", ({ items }: { items: ConfigurationItem[] }) => {
      this.#asked++;
      return items.map(({ section, scopeUri = "" }) => {
        const isOff = this.#offIn.some((extension) => scopeUri.endsWith(extension));
        const murmur = isOff ? { ...this.settings, enabled: false } : this.settings;
        return section === "murmur" ? murmur : (this.settings[section ?? ""] ?? {});
      });
    });
    for (const method of refused) {
      connection.onRequest(method, () => new ResponseError(ErrorCodes.MethodNotFound, "Method not found"));
    }
    for (const [method, answer] of Object.entries(answers)) connection.onRequest(method, () => answer);
    for (const method of unanswered) connection.onRequest(method, () => new Promise(() => undefined));
    connection.listen();
    const uri = pathToFileURL(join(this.folder, "workspace")).href;
    const usual = {
      processId: process.pid,
      rootUri: uri,
      workspaceFolders: [{ uri, name: "workspace" }],
      capabilities: {
        workspace: {
          configuration: true,
          workspaceFolders: true,
          didChangeConfiguration: { dynamicRegistration: true },
        },
        window: { workDoneProgress: true },
      },
      initializationOptions: { storagePath: join(this.folder, "storage"), canRefresh: true, ...options },
      ...initialize,
    };
    await connection.sendRequest("initialize", parameters ?? usual);
    await connection.sendNotification("initialized", {});
    await this.until(() => this.statuses.length > 0, "a first status");
  }

  /** Waits until a condition holds. @throws Error that names it, with the end of the server's log, otherwise */
  async until(condition: () => boolean, what: string, seconds = 20): Promise<void> {
    const end = Date.now() + seconds * 1000;
    while (!condition()) {
      if (Date.now() > end) {
        throw new Error([`waited ${seconds} s for ${what}; the log ends with`, ...this.log.slice(-10)].join("\n"));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  get status(): Status {
    return this.statuses.at(-1)!;
  }

  uri(name: string): string {
    return pathToFileURL(join(this.folder, "workspace", name)).href;
  }

  /** Opens a document, and waits until the server has learned it or knows that it must not. */
  async open(name: string, text: string): Promise<void> {
    this.#versions.set(name, 1);
    const uri = this.uri(name);
    const decisions = () => this.log.filter((line) => /^(knows|learns)/.test(line) && line.includes(uri)).length;
    const before = decisions();
    await this.connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "javascript", version: 1, text },
    });
    await this.until(() => decisions() > before, `${name} to be learned`);
  }

  /** Inserts text at a position, as a keystroke does. */
  async type(name: string, line: number, character: number, text: string): Promise<void> {
    const position = { line, character };
    await this.replace(name, { start: position, end: position }, text);
  }

  /** Deletes the character left of a position, as backspace does. */
  async erase(name: string, line: number, character: number): Promise<void> {
    await this.replace(name, { start: { line, character: character - 1 }, end: { line, character } }, "");
  }

  async replace(name: string, range: Range, text: string): Promise<void> {
    await this.change(name, { range, text });
  }

  /** Sends an edit. A change without a range replaces the whole text. */
  async change(name: string, ...contentChanges: { readonly range?: Range; readonly text: string }[]): Promise<void> {
    const version = (this.#versions.get(name) ?? 1) + 1;
    this.#versions.set(name, version);
    await this.connection.sendNotification("textDocument/didChange", {
      textDocument: { uri: this.uri(name), version },
      contentChanges,
    });
  }

  /** Notifies the server that the suggestion in a document was dismissed. */
  async dismiss(name: string): Promise<void> {
    await this.connection.sendNotification("murmur/dismiss", { uri: this.uri(name) });
  }

  async complete(
    name: string,
    line: number,
    character: number,
    context: Partial<InlineCompletionParams["context"]> = {},
  ): Promise<InlineCompletionItem[]> {
    return await this.connection.sendRequest("textDocument/inlineCompletion", {
      textDocument: { uri: this.uri(name) },
      position: { line, character },
      context: { triggerKind: InlineCompletionTriggerKind.Automatic, ...context },
    });
  }

  /** The suggestions when the user requests them. */
  async trigger(name: string, line: number, character: number): Promise<InlineCompletionItem[]> {
    return await this.complete(name, line, character, { triggerKind: InlineCompletionTriggerKind.Invoked });
  }

  /** Changes the settings, and waits until the server has read them. */
  async configure(settings: Record<string, unknown>): Promise<void> {
    this.settings = settings;
    const asked = this.#asked;
    await this.connection.sendNotification("workspace/didChangeConfiguration", { settings: null });
    await this.until(() => this.#asked > asked, "the server to read its settings");
  }

  /** The suggestion at a position once it has stopped growing: on a busy machine the first answer may be a part. */
  async completeFully(name: string, line: number, character: number): Promise<string | undefined> {
    let last: string | undefined;
    let same = 0;
    // If nothing is suggested, the text may still be being read.
    while (same < (last === undefined ? 12 : 4)) {
      const text = (await this.complete(name, line, character))[0]?.insertText as string | undefined;
      same = text === last ? same + 1 : 0;
      last = text;
      // A suggestion that ran out of time continues until the next request.
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return last;
  }

  /** The first line of {@link completeFully}: if a model is sure, a suggestion continues past the end of the line. */
  async completeLine(name: string, line: number, character: number): Promise<string | undefined> {
    return (await this.completeFully(name, line, character))?.split("\n")[0];
  }

  train(): Promise<TrainResult> {
    return this.connection.sendRequest("murmur/train", { workDoneToken: "train" });
  }

  /** Ends the process as an editor does; the folder stays. */
  async stop(): Promise<void> {
    await this.connection.sendRequest("shutdown");
    const exited = once(this.process, "exit");
    await this.connection.sendNotification("exit");
    await exited;
    this.connection.dispose();
  }

  /** Ends the process as a crash does; the folder stays. */
  async kill(): Promise<void> {
    const exited = once(this.process, "exit");
    this.process.kill("SIGKILL");
    await exited;
    this.connection.dispose();
  }

  async dispose(): Promise<void> {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.stop();
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** The first line of what an item inserts. */
export function firstLine(item: InlineCompletionItem | undefined): string | undefined {
  return item && String(item.insertText).split("\n")[0];
}
