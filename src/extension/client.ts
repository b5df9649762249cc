import {
  type CancellationToken,
  Disposable,
  type ExtensionContext,
  InlineCompletionTriggerKind,
  type LogOutputChannel,
  type Position,
  type TextDocument,
  Uri,
  workspace,
} from "vscode";
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  type LanguageClientOptions,
  MessageType,
  ShowMessageNotification,
  State,
  TransportKind,
} from "vscode-languageclient/node";
import { t } from "../l10n.ts";
import { type PlaygroundAnswer, playgroundRequests } from "../server/playground-protocol.ts";
import {
  type DismissParams,
  dismissNotification,
  type ExplainedSuggestion,
  type ExplainParams,
  explainRequest,
  type FolderSettings,
  type InitializationOptions,
  type IsExcludedParams,
  isExcludedRequest,
  type LanguageFiles,
  type RefreshParams,
  refreshNotification,
  type SameEditsParams,
  type SameEditsResult,
  type StatisticsParams,
  type Status,
  sameEditsRequest,
  settingsSection,
  statisticsNotification,
  statusNotification,
} from "../server/protocol.ts";
import {
  cancelTrainingRequest,
  type FilesRead,
  filesReadRequest,
  interruptedTrainingRequest,
  type PauseTrainingParams,
  pauseTrainingRequest,
  stopTrainingRequest,
  type TrainingView,
  type TrainParams,
  type TrainResult,
  trainingNotification,
  trainRequest,
  type WatchTrainingParams,
  watchTrainingRequest,
} from "../server/training-protocol.ts";
import { isEnabledIn, offFolders } from "./config.ts";
import { documentSelector } from "./document-selector.ts";
import { languageFiles } from "./languages.ts";
import { showMessage } from "./messages.ts";
import { ownSilence } from "./own-silence.ts";
import { Refresher } from "./refresh.ts";
import { requestSuggestions } from "./request-suggestions.ts";
import { otherCursors } from "./selection.ts";
import { serverEnvironment, serverOptions } from "./server-memory.ts";
import { ServerModels, withProgressOf } from "./server-models.ts";
import type { Snooze } from "./snooze.ts";

/** A server that crashes is restarted at most this many times within {@link crashWindow}. */
const mostRestarts = 4;
const crashWindow = 3 * 60 * 1000;

const severities = new Map<MessageType, "error" | "warning">([
  [MessageType.Error, "error"],
  [MessageType.Warning, "warning"],
]);

export interface ServerOptions {
  readonly context: ExtensionContext;
  readonly log: LogOutputChannel;
  readonly snooze: Snooze;
  /** Called on every change, also when the server keeps crashing and is not restarted. */
  readonly onStatus: (status: Status) => void;
  readonly onStatistics: (saved: StatisticsParams) => void;
  readonly onTraining: (view: TrainingView) => void;
  /** Called when the process has started, and again when it has been restarted after a crash. */
  readonly onStarted: (server: ServerProcess) => void;
}

/** The language server's process, as the extension sees it. */
export class ServerProcess implements Disposable {
  readonly models: ServerModels;
  readonly #client: LanguageClient;
  readonly #subscriptions: Disposable[] = [];
  /** The document that the editor asked about last. */
  #asked: TextDocument | undefined;

  private constructor(client: LanguageClient) {
    this.#client = client;
    this.models = new ServerModels(client);
  }

  /**
   * Starts the server.
   * @param abandoned ends a start that is not complete, such as that of a server that never answers
   * @throws the signal's reason if it is aborted meanwhile; the process has ended then
   */
  static async start(
    { context, log, snooze, onStatus, onStatistics, onTraining, onStarted }: ServerOptions,
    abandoned: AbortSignal,
  ): Promise<ServerProcess> {
    const module = Uri.joinPath(context.extensionUri, "dist", "server.js").fsPath;
    const storagePath = (context.storageUri ?? context.globalStorageUri).fsPath;
    const initializationOptions: InitializationOptions = {
      storagePath,
      isTrusted: workspace.isTrusted,
      canRefresh: true,
    };
    const crashes: number[] = [];
    const refresher = new Refresher();
    const options: LanguageClientOptions = {
      documentSelector,
      initializationOptions,
      outputChannel: log,
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue }),
        closed: () => {
          if (abandoned.aborted) return { action: CloseAction.DoNotRestart, handled: true };
          const now = Date.now();
          crashes.push(now);
          if (crashes.filter((time) => now - time < crashWindow).length <= mostRestarts) {
            return { action: CloseAction.Restart };
          }
          const message = t(
            "The language server keeps crashing. See the log (Murmur: Show Log), then reload the window.",
          );
          onStatus({ state: "failed", message });
          return { action: CloseAction.DoNotRestart, message };
        },
      },
      middleware: {
        provideInlineCompletionItems: async (document, position, { triggerKind, ...context }, token) => {
          const isOwn = refresher.noteRequest(document, triggerKind);
          const isManual = triggerKind === InlineCompletionTriggerKind.Invoke && !isOwn;
          server.#asked = document;
          const silence = silenceIn(document, isManual, snooze);
          if (silence) {
            log.debug(`nothing at ${position.line + 1}:${position.character + 1}: ${silence}`);
            return undefined;
          }
          const { Automatic, Invoke } = InlineCompletionTriggerKind;
          const asked = { ...context, triggerKind: isManual ? Invoke : Automatic };
          const others = otherCursors(document, position);
          if (!others) return undefined;
          const place = { document, position, context: asked, others, isLast: isOwn };
          const found = await requestSuggestions(client, place, token);
          const items = found && (Array.isArray(found) ? found : found.items);
          // Whoever asks by hand, while the editor's own snooze is on for example, asks for the next one too.
          return isManual ? items : items && refresher.followed(items);
        },
        workspace: {
          // A server that is about to end, because the settings say so, needs no settings any more.
          didChangeConfiguration: async (sections, next) => {
            if (client.isRunning()) await next(sections);
          },
          // The client decides whether completions are on in each document and file, because the server does not know the editor's languages.
          configuration: async (params, token, next) => {
            const sections = await next(params, token);
            if (!Array.isArray(sections)) return sections;
            return sections.map((section, i) => {
              const { section: name, scopeUri } = params.items[i] ?? {};
              if (name !== settingsSection) return section;
              return scopeUri === undefined
                ? { ...section, enabled: true, ...derivedSettings() }
                : { ...section, enabled: isEnabledAt(scopeUri) };
            });
          },
        },
      },
    };
    const run = { module, transport: TransportKind.ipc, options: { execArgv: serverOptions, env: serverEnvironment } };
    const client = new LanguageClient("murmur", "Murmur", run, options);
    const server = new ServerProcess(client);
    server.#subscriptions.push(
      refresher,
      client.onNotification(statusNotification, onStatus),
      client.onNotification(statisticsNotification, onStatistics),
      client.onNotification(trainingNotification, onTraining),
      client.onDidChangeState(({ newState }) => {
        if (newState === State.Running) onStarted(server);
      }),
      client.onNotification(refreshNotification, (params: RefreshParams) => refresher.askAgain(params)),
      client.onNotification(ShowMessageNotification.type, ({ type, message }) =>
        showMessage(severities.get(type) ?? "information", message, log),
      ),
    );
    try {
      await Promise.race([client.start(), rejected(abandoned)]);
      return server;
    } catch (error) {
      // Whatever failed, no process keeps running. The client does not end a server that has not answered yet.
      const process = client.serverProcess;
      await server.dispose().catch(() => undefined);
      process?.kill();
      throw error;
    }
  }

  /** What Murmur has read of the workspace, which is what it would train on. */
  filesRead(): Promise<FilesRead> {
    return this.#client.sendRequest<FilesRead>(filesReadRequest);
  }

  /** Trains on the workspace for some minutes, by default those of the setting. Calls `report` with the progress until the run ends; `token` cancels the run. */
  async train(
    minutes: number | undefined,
    report: (percent: number, line: string) => void,
    token: CancellationToken,
  ): Promise<TrainResult> {
    const workDoneToken = `murmur-train-${Date.now()}`;
    const params: TrainParams = { workDoneToken, ...(minutes !== undefined && { minutes }) };
    return await withProgressOf(this.#client, workDoneToken, report, () =>
      this.#client.sendRequest<TrainResult>(trainRequest, params, token),
    );
  }

  stopTraining(): Promise<void> {
    return this.#client.sendRequest<void>(stopTrainingRequest);
  }

  /** Lets the current run rest or go on. */
  pauseTraining(isPaused: boolean): Promise<void> {
    const params: PauseTrainingParams = { isPaused };
    return this.#client.sendRequest<void>(pauseTrainingRequest, params);
  }

  /** Ends the current run, or one that was interrupted, and discards what it has learned. */
  cancelTraining(): Promise<void> {
    return this.#client.sendRequest<void>(cancelTrainingRequest);
  }

  /** Whether a run was interrupted that does not go on by itself. */
  isTrainingInterrupted(): Promise<boolean> {
    return this.#client.sendRequest<boolean>(interruptedTrainingRequest);
  }

  /** What there is to see of training. @param isWatched whether changes are reported from now on */
  watchTraining(isWatched: boolean): Promise<TrainingView> {
    const params: WatchTrainingParams = { isWatched };
    return this.#client.sendRequest<TrainingView>(watchTrainingRequest, params);
  }

  /** Whether `murmur.exclude` names a document. */
  isExcluded(uri: Uri): Promise<boolean> {
    const params: IsExcludedParams = { uri: this.#client.code2ProtocolConverter.asUri(uri) };
    return this.#client.sendRequest<boolean>(isExcludedRequest, params);
  }

  /** Why there is a suggestion at a position, or none. */
  explain(uri: Uri, position: Position): Promise<ExplainedSuggestion> {
    const { asUri, asPosition } = this.#client.code2ProtocolConverter;
    const params: ExplainParams = { uri: asUri(uri), position: asPosition(position) };
    return this.#client.sendRequest<ExplainedSuggestion>(explainRequest, params);
  }

  /** The lines of a document in which a change that was made in others is due too. */
  sameEdits(uri: Uri, options: Omit<SameEditsParams, "uri">): Promise<SameEditsResult> {
    const params: SameEditsParams = { uri: this.#client.code2ProtocolConverter.asUri(uri), ...options };
    return this.#client.sendRequest<SameEditsResult>(sameEditsRequest, params);
  }

  /** Asks something for the playground. @throws if the request is cancelled or the server has ended */
  playground(
    name: keyof typeof playgroundRequests,
    params: object,
    token?: CancellationToken,
  ): Promise<PlaygroundAnswer<unknown>> {
    return this.#client.sendRequest<PlaygroundAnswer<unknown>>(playgroundRequests[name], params, token);
  }

  /** Notifies the server that the user has dismissed the suggestion that is shown. */
  async dismiss(): Promise<void> {
    if (!this.#asked) return;
    const params: DismissParams = { uri: this.#client.code2ProtocolConverter.asUri(this.#asked.uri) };
    await this.#client.sendNotification(dismissNotification, params);
  }

  /** Ends the server's process, so that no model stays loaded. */
  async dispose(): Promise<void> {
    Disposable.from(...this.#subscriptions).dispose();
    await this.#client.dispose();
  }
}

/** Rejects when a signal is aborted. */
function rejected(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}

/** Why a request in a document is not passed to the server; undefined if it is. */
function silenceIn(document: TextDocument, isManual: boolean, snooze: Snooze): string | undefined {
  const silence = ownSilence(document, snooze);
  if (silence === "language-off") return `completions are switched off for ${document.languageId}`;
  if (isManual || silence === undefined) return undefined;
  return silence === "snoozed" ? "Murmur is snoozed" : "something is selected";
}

/** What the server can't know of `murmur.enabled`: the files of a language, and the settings of a folder. */
function derivedSettings(): FolderSettings & { readonly languageFiles: LanguageFiles } {
  return { languageFiles: languageFiles(), offFolders: offFolders().map(String) };
}

/** Whether completions are on in an open document. */
function isEnabledAt(uri: string): boolean {
  const document = workspace.textDocuments.find((one) => one.uri.toString() === uri);
  return document ? isEnabledIn(document) : true;
}
