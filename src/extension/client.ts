import {
  type CancellationToken,
  commands,
  Disposable,
  type ExtensionContext,
  type LogOutputChannel,
  Uri,
  window,
} from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  TransportKind,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressReport,
} from "vscode-languageclient/node";
import {
  type InitializationOptions,
  type RefreshParams,
  refreshNotification,
  type Status,
  statusNotification,
  stopTrainingRequest,
  type TrainParams,
  type TrainResult,
  trainRequest,
} from "../server/protocol.ts";
import { isEnabledIn } from "./config.ts";

/** Times that a server that crashes is started again within {@link crashWindow} before it is given up. */
const mostRestarts = 4;
const crashWindow = 3 * 60 * 1000;

/** The documents that may be completed. */
const documentSelector = ["file", "untitled", "vscode-notebook-cell", "vscode-userdata"].map((scheme) => ({ scheme }));

/** The language server's process, as the extension sees it. */
export class ServerProcess implements Disposable {
  readonly #client: LanguageClient;
  readonly #subscriptions: Disposable[] = [];

  private constructor(client: LanguageClient) {
    this.#client = client;
  }

  /**
   * Starts the server.
   * @param onStatus is told of every change, also of a server that ended and stays down
   */
  static async start(
    context: ExtensionContext,
    log: LogOutputChannel,
    onStatus: (status: Status) => void,
  ): Promise<ServerProcess> {
    const module = Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
    const storagePath = (context.storageUri ?? context.globalStorageUri).fsPath;
    const initializationOptions: InitializationOptions = { storagePath };
    const crashes: number[] = [];
    const options: LanguageClientOptions = {
      documentSelector,
      initializationOptions,
      outputChannel: log,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => {
          const now = Date.now();
          crashes.push(now);
          if (crashes.filter((time) => now - time < crashWindow).length <= mostRestarts) {
            return { action: CloseAction.Restart };
          }
          const message = "The language server keeps ending. See the log (Murmur: Show Log), then reload the window.";
          onStatus({ state: "failed", message });
          return { action: CloseAction.DoNotRestart, message };
        },
      },
      middleware: {
        provideInlineCompletionItems: (document, position, triggerContext, token, next) => {
          if (!isEnabledIn(document) || hasSelection()) return undefined;
          return next(document, position, triggerContext, token);
        },
      },
    };
    const client = new LanguageClient("murmur", "Murmur", { module, transport: TransportKind.ipc }, options);
    const server = new ServerProcess(client);
    server.#subscriptions.push(
      client.onNotification(statusNotification, onStatus),
      client.onNotification(refreshNotification, askAgain),
    );
    await client.start();
    return server;
  }

  /** Trains on the workspace. `report` is told of progress until the run has ended; `token` cancels it. */
  async train(report: (percent: number, line: string) => void, token: CancellationToken): Promise<TrainResult> {
    const workDoneToken = `murmur-train-${Date.now()}`;
    const progress = this.#client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind !== "end") report(...progressOf(value));
    });
    try {
      const params: TrainParams = { workDoneToken };
      return await this.#client.sendRequest<TrainResult>(trainRequest, params, token);
    } finally {
      progress.dispose();
    }
  }

  stopTraining(): Promise<void> {
    return this.#client.sendRequest<void>(stopTrainingRequest);
  }

  /** Ends the process: no model stays loaded. */
  async dispose(): Promise<void> {
    Disposable.from(...this.#subscriptions).dispose();
    await this.#client.dispose();
  }
}

/** Has the editor ask for inline completions again, if it still shows what the notification is about. */
function askAgain({ uri, version }: RefreshParams): void {
  const document = window.activeTextEditor?.document;
  if (document?.uri.toString() !== uri || document.version !== version || hasSelection()) return;
  void commands.executeCommand("editor.action.inlineSuggest.trigger");
}

function progressOf(value: WorkDoneProgressBegin | WorkDoneProgressReport): [number, string] {
  return [value.percentage ?? 0, value.message ?? ""];
}

/** With something selected, or several cursors, one does not type on. */
function hasSelection(): boolean {
  const selections = window.activeTextEditor?.selections ?? [];
  return selections.length > 1 || selections.some((selection) => !selection.isEmpty);
}
