import { type Connection, DidChangeWatchedFilesNotification } from "vscode-languageserver";
import { messageOf } from "../../errors.ts";
import { pathOf, pathsOf } from "../../uris.ts";
import type { WorkspaceMemory } from "./workspace-memory.ts";

type Follower = Pick<WorkspaceMemory, "follow" | "lookAgain">;

/** What happened to a document. */
export type DocumentEvent = "opened" | "changed" | "saved" | "closed";

/** Milliseconds without an edit after which the user may have changed files in another program. */
const absence = 30_000;

/**
 * Finds out which files may have changed on disk. If the client can watch files, it reports changes. Otherwise the files are checked when
 * a document is opened or saved, and when typing resumes after a pause.
 */
export class WatchedFiles {
  readonly #connection: Connection;
  readonly #canWatch: boolean;
  readonly #files: Follower;
  #isWatching = false;
  /** When a document was last edited. */
  #edited = performance.now();

  /**
   * @param canWatch whether the client can watch files for the server
   * @param files reads the changed files
   */
  constructor(connection: Connection, canWatch: boolean, files: Follower) {
    this.#connection = connection;
    this.#canWatch = canWatch;
    this.#files = files;
  }

  /** Registers the handlers with the connection, before it listens. */
  listen(): void {
    this.#connection.onDidChangeWatchedFiles(({ changes }) =>
      this.#files.follow(pathsOf(changes.map(({ uri }) => uri))),
    );
  }

  /** Asks the client to watch the files, if it can. */
  async start(): Promise<void> {
    if (!this.#canWatch) return;
    try {
      const watchers = [{ globPattern: "**/*" }];
      await this.#connection.client.register(DidChangeWatchedFilesNotification.type, { watchers });
      this.#isWatching = true;
    } catch (error) {
      this.#connection.console.warn(
        `The editor does not watch files (${messageOf(error)}). Murmur checks them when a document is opened or saved instead.`,
      );
    }
  }

  /** Handles an event of a document. */
  note(event: DocumentEvent, uri: string): void {
    const path = pathOf(uri);
    // This also forgets what was never saved.
    if (event === "closed" && path !== undefined) this.#files.follow([path]);
    const wasAway = performance.now() - this.#edited > absence;
    if (event === "changed") this.#edited = performance.now();
    const isDue = event === "opened" || event === "saved" || (event === "changed" && wasAway);
    if (isDue && !this.#isWatching) this.#files.lookAgain();
  }
}
