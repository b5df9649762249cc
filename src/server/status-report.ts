import { type Connection, MessageType, ShowMessageNotification } from "vscode-languageserver";
import { t } from "../l10n.ts";
import { type Status, statusNotification } from "./protocol.ts";

/** The parts that the status is derived from. */
interface State {
  /** The model in use, as shown to the user. */
  readonly model?: string | undefined;
  /** How much of the workspace Murmur has read, as shown to the user. */
  readonly memory?: string | undefined;
  readonly isReading?: boolean | undefined;
  /** The current training run. */
  readonly training?: Omit<Extract<Status, { state: "training" }>, "state" | "model"> | undefined;
  /** Why there is no model. */
  readonly failure?: string | undefined;
}

/** Sends the client the server's status whenever it changes, and messages for the user. */
export class StatusReport {
  readonly #connection: Connection;
  #state: State = {};

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** Applies a change and reports the resulting status. */
  update(change: State): void {
    this.#state = { ...this.#state, ...change };
    const status = statusOf(this.#state);
    if (status) void this.#connection.sendNotification(statusNotification, status);
  }

  inform(message: string): void {
    this.#show(MessageType.Info, message);
  }

  warn(message: string): void {
    this.#show(MessageType.Warning, message);
  }

  /** Reports that there is no model, and why. Also shows a message, because not every client shows the status. */
  fail(message: string): void {
    this.#show(MessageType.Error, message);
    this.update({ failure: message });
  }

  #show(type: MessageType, message: string): void {
    void this.#connection.sendNotification(ShowMessageNotification.type, { type, message });
  }
}

/** @returns undefined while the server is starting */
function statusOf({ model, memory, isReading, training, failure }: State): Status | undefined {
  if (training) return { state: "training", model: model ?? t("No model yet"), ...training };
  if (model !== undefined) return { state: "ready", model, memory, isReading };
  return failure === undefined ? undefined : { state: "failed", message: failure };
}
