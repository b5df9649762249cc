import { type CancellationToken, type Connection, LSPErrorCodes, ResponseError } from "vscode-languageserver";
import { MurmurError, messageOf } from "../../errors.ts";
import { t } from "../../l10n.ts";
import { exclusiveQueue } from "../exclusive.ts";
import {
  type PlaygroundAnswer,
  type PlaygroundCalls,
  type PlaygroundModel,
  type PlaygroundSource,
  playgroundRequests,
} from "../playground-protocol.ts";
import { describe, type LoadedModel, loadModel } from "./loaded-model.ts";
import { activations, findUnits, next, read, write } from "./requests.ts";
import type { Turn } from "./text-reading.ts";

export interface PlaygroundOptions {
  /** Whether models other than the default one may be loaded. */
  readonly isTrusted: boolean;
  /** The path of the model that was trained on the workspace; undefined if there is none. */
  readonly workspaceModel: () => string | undefined;
  /** Resolves when it is the turn of background work. */
  readonly turn: () => Promise<void>;
}

/**
 * Answers the playground's requests, one after another, in small steps between more urgent work. Its model is its own, so that it can
 * be read and released at any time.
 */
export class Playground {
  readonly #options: PlaygroundOptions;
  readonly #exclusively = exclusiveQueue();
  #loaded: LoadedModel | undefined;
  /** Aborted when the page is closed. */
  #open = new AbortController();

  constructor(options: PlaygroundOptions) {
    this.#options = options;
  }

  /** Registers the handlers with the connection. */
  listen(connection: Connection): void {
    connection.onRequest<PlaygroundAnswer<PlaygroundModel>, void>(
      playgroundRequests.load,
      (source: PlaygroundSource, token: CancellationToken) => this.#load(source, token),
    );
    connection.onRequest(playgroundRequests.close, () => this.close());
    this.#register(connection, "read", read);
    this.#register(connection, "next", next);
    this.#register(connection, "write", write);
    this.#register(connection, "activations", activations);
    this.#register(connection, "findUnits", findUnits);
  }

  /** Registers the handler of a request that uses the model. */
  #register<Name extends Exclude<keyof PlaygroundCalls, "load" | "close">>(
    connection: Connection,
    name: Name,
    answer: (
      loaded: LoadedModel,
      params: PlaygroundCalls[Name]["params"],
      turn: Turn,
    ) => Promise<PlaygroundCalls[Name]["result"]>,
  ): void {
    type Answer = PlaygroundAnswer<PlaygroundCalls[Name]["result"]>;
    const handle = (params: PlaygroundCalls[Name]["params"], token: CancellationToken): Promise<Answer> =>
      this.#answer(token, async (turn) =>
        this.#loaded
          ? { result: await answer(this.#loaded, params, turn) }
          : { problem: t("No model is loaded. Choose one."), isUnloaded: true },
      );
    connection.onRequest<Answer, void>(playgroundRequests[name], handle);
  }

  /** Ends what is under way, and releases the model. */
  async close(): Promise<null> {
    this.#open.abort();
    this.#open = new AbortController();
    await this.#exclusively(() => this.#release());
    return null;
  }

  #load(source: PlaygroundSource, token: CancellationToken): Promise<PlaygroundAnswer<PlaygroundModel>> {
    return this.#answer(token, async (turn) => {
      const { isTrusted, workspaceModel } = this.#options;
      if (!isTrusted && source.kind !== "default") return { problem: notTrusted() };
      await turn();
      // The model before stays if this one is no use.
      const loaded = await loadModel(source, workspaceModel());
      await this.#release();
      this.#loaded = loaded;
      return { result: describe(loaded.model, this.#sources) };
    });
  }

  get #sources(): PlaygroundModel["sources"] {
    const { isTrusted, workspaceModel } = this.#options;
    if (!isTrusted) return ["default"];
    return ["default", ...(workspaceModel() === undefined ? [] : ["workspace" as const]), "file", "bytes"];
  }

  #answer<Result>(
    token: CancellationToken,
    work: (turn: Turn) => Promise<PlaygroundAnswer<Result>>,
  ): Promise<PlaygroundAnswer<Result>> {
    const { signal } = this.#open;
    const assertWanted = (): void => {
      if (token.isCancellationRequested || signal.aborted)
        throw new ResponseError(LSPErrorCodes.RequestCancelled, "The request was cancelled.");
    };
    return this.#exclusively(async () => {
      assertWanted();
      try {
        return await work(async () => {
          await this.#options.turn();
          assertWanted();
        });
      } catch (error) {
        if (error instanceof ResponseError) throw error;
        const isForPeople = error instanceof MurmurError;
        return { problem: isForPeople ? error.message : t("The model could not be run ({0}).", messageOf(error)) };
      }
    });
  }

  async #release(): Promise<void> {
    const former = this.#loaded;
    this.#loaded = undefined;
    await former?.model.release();
  }
}

function notTrusted(): string {
  return t("This workspace is not trusted, so only the default model can be used. Trust the workspace first.");
}
