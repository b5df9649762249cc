import { type Connection, MessageType, ShowMessageNotification } from "vscode-languageserver";
import { type Status, statusNotification } from "./protocol.ts";

/** What is known of the server; the status is made of it. */
interface State {
  /** Which model answers, for a person. */
  readonly model?: string | undefined;
  /** What is known of the workspace's files, for a person. */
  readonly memory?: string | undefined;
  /** The run that goes on. */
  readonly training?: { readonly percent: number; readonly detail: string } | undefined;
  /** Why there is no model. */
  readonly failure?: string | undefined;
}

/** Tells the client how the server is, whenever that changes, and what a person must know. */
export class StatusReport {
  readonly #connection: Connection;
  #state: State = {};

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Reports the status that follows from a change. */
  update(change: State): void {
    this.#state = { ...this.#state, ...change };
    const status = statusOf(this.#state);
    if (status) void this.#connection.sendNotification(statusNotification, status);
  }

  warn(message: string): void {
    this.#show(MessageType.Warning, message);
  }

  /** Reports that there is no model, and why, in a message as well: not every client shows the status. */
  fail(message: string): void {
    this.#show(MessageType.Error, message);
    this.update({ failure: message });
  }

  #show(type: MessageType, message: string): void {
    void this.#connection.sendNotification(ShowMessageNotification.type, { type, message });
  }
}

/** @returns undefined while the server starts */
function statusOf({ model, memory, training, failure }: State): Status | undefined {
  if (training) return { state: "training", model: model ?? "no model yet", ...training };
  if (model !== undefined) return { state: "ready", model, memory };
  return failure === undefined ? undefined : { state: "failed", message: failure };
}
