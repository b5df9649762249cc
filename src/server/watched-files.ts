import { type Connection, DidChangeWatchedFilesNotification } from "vscode-languageserver";
import { messageOf } from "../errors.ts";
import { pathOf, pathsOf } from "./uris.ts";
import type { WorkspaceMemory } from "./workspace-memory.ts";

type Follower = Pick<WorkspaceMemory, "follow" | "lookAgain">;

/** What was done with a document. */
export type DocumentEvent = "opened" | "changed" | "saved" | "closed";

/** Milliseconds without an edit after which the user may have been elsewhere, and changed files there. */
const absence = 30_000;

/**
 * Says which files may have changed on disk. A client that can watches them; else they are looked at when a document is opened or
 * saved, and when someone types again after a while.
 */
export class WatchedFiles {
  readonly #connection: Connection;
  readonly #canWatch: boolean;
  readonly #files: Follower;
  #isWatching = false;
  /** When a document was edited last. */
  #edited = performance.now();

  /** @param canWatch whether the client watches files where it is asked to @param files what reads them */
  constructor(connection: Connection, canWatch: boolean, files: Follower) {
    this.#connection = connection;
    this.#canWatch = canWatch;
    this.#files = files;
  }

  /** Registers what is needed with the connection, before it listens. */
  listen(): void {
    this.#connection.onDidChangeWatchedFiles(({ changes }) =>
      this.#files.follow(pathsOf(changes.map(({ uri }) => uri))),
    );
  }

  /** Has the client watch the files, where it can. */
  async start(): Promise<void> {
    if (!this.#canWatch) return;
    try {
      const watchers = [{ globPattern: "**/*" }];
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      this.#isWatching = true;
    } catch (error) {
      this.#connection.console.warn(
        `The editor does not watch files (${messageOf(error)}). They are looked at when a document is opened or saved.`,
      );
    }
  }

  /** Takes note of what was done with a document. */
  note(event: DocumentEvent, uri: string): void {
    const path = pathOf(uri);
    // What was never saved is taken back.
    if (event === "closed" && path !== undefined) this.#files.follow([path]);
    const wasAway = performance.now() - this.#edited > absence;
    if (event === "changed") this.#edited = performance.now();
    const isDue = event === "opened" || event === "saved" || (event === "changed" && wasAway);
    if (isDue && !this.#isWatching) this.#files.lookAgain();
  }
}
