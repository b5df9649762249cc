import { commands, type ExtensionContext, env, l10n, Uri, window, workspace } from "vscode";
import { messageOf } from "../errors.ts";
import { t, useLanguage } from "../l10n.ts";
import type { StatisticsParams } from "../server/protocol.ts";
import { activeDocument, activeTextDocument } from "./active-document.ts";
import type { ServerProcess } from "./client.ts";
import { menuCommand, registerCommands } from "./commands.ts";
import { invalidEnabled, isEnabledAnywhere, onDidChangeSettings } from "./config.ts";
import { MarkdownPages } from "./markdown-page.ts";
import { showMessage } from "./messages.ts";
import { hasFolder } from "./offers.ts";
import { Playground } from "./playground.ts";
import type { Presence, ServerState } from "./presence.ts";
import { SameEdits } from "./same-edit.ts";
import { Snooze } from "./snooze.ts";
import { StatisticsFolder } from "./statistics.ts";
import { StatisticsPage } from "./statistics-page.ts";
import { StatusItems } from "./status.ts";
import { offerToGoOn } from "./training.ts";
import { TrainingView } from "./training-view.ts";

let server: ServerProcess | undefined;
/** Resolves when the last start or stop is complete; the next one waits for it. */
let switching: Promise<void> = Promise.resolve();
/** Ends the start that is not complete. */
let starting: AbortController | undefined;

/** Called by the editor. The server runs only if completions are switched on somewhere. */
export function activate(context: ExtensionContext): void {
  if (l10n.bundle) useLanguage({ tag: env.language, texts: l10n.bundle });
  const log = window.createOutputChannel("Murmur", { log: true });
  const items = new StatusItems(menuCommand);
  const snooze = new Snooze(context.workspaceState);
  const statistics = new StatisticsPage(
    new StatisticsFolder(Uri.joinPath(context.globalStorageUri, "statistics").fsPath),
  );
  const pages = new MarkdownPages();
  const sameEdits = new SameEdits(
    () => server,
    () => snooze.until !== undefined,
  );
  const playground = new Playground({
    extensionUri: context.extensionUri,
    server: () => server,
    settledServer: async () => {
      await switching;
      return server;
    },
    log,
  });
  /** The URI of the active document, if the server says that it is excluded. */
  let excluded: string | undefined;
  let shown: ServerState = { state: "starting" };
  const presence = (): Presence => ({
    server: shown,
    snoozedUntil: snooze.until,
    document: activeDocument((document) => document.uri.toString() === excluded),
    hasFolder: hasFolder(),
    isTrusted: workspace.isTrusted,
    saved: statistics.sentence,
  });
  const trainingView = new TrainingView({ extensionUri: context.extensionUri, server: () => server, presence });
  const askWhetherExcluded = async (): Promise<void> => {
    const document = activeTextDocument();
    try {
      if (!document || !server) return;
      excluded = (await server.isExcluded(document.uri)) ? document.uri.toString() : undefined;
      items.show(presence());
    } catch {
      // The server has ended meanwhile, and its log says why.
    }
  };
  const refresh = (): void => {
    items.show(presence());
    trainingView.refresh();
    void askWhetherExcluded();
    void commands.executeCommand("setContext", "murmur.isSnoozed", snooze.until !== undefined);
  };

  const show = (status: ServerState): void => {
    shown = status;
    refresh();
    // When-clause contexts. The server's status covers every training run, however it was started. While Murmur is off, it does not handle Escape.
    const isTraining = status.state === "training";
    void commands.executeCommand("setContext", "murmur.isTraining", isTraining);
    void commands.executeCommand("setContext", "murmur.isPaused", isTraining && status.isPaused === true);
    const isBusy = isTraining && status.isAsked;
    void commands.executeCommand("setContext", "murmur.isBusy", isBusy);
    void commands.executeCommand("setContext", "murmur.isOn", status.state !== "off");
  };
  let isCounted = true;
  const onStatistics = (saved: StatisticsParams): void => {
    statistics.add(saved).catch((error) => {
      const message = t("What suggestions saved can't be counted ({0}). Suggestions go on.", messageOf(error));
      log.warn(message);
      // Once is enough: it is counted every minute.
      if (isCounted) void showMessage("warning", message, log);
      isCounted = false;
    });
  };
  const followTraining = (started: ServerProcess): void => void trainingView.follow(started);
  let isOffered = false;
  const offer = async (): Promise<void> => {
    if (isOffered) return;
    isOffered = true;
    try {
      await offerToGoOn({ server: () => server, memory: context.workspaceState, log });
    } catch (error) {
      log.info(`Whether training was interrupted is not known: ${messageOf(error)}`);
    } finally {
      isOffered = false;
    }
  };
  const stop = async (): Promise<void> => {
    const former = server;
    server = undefined;
    sameEdits.clear();
    await former?.dispose();
  };
  /** Starts or stops the server as the settings require. There is never more than one. */
  const follow = async (): Promise<void> => {
    const isWanted = isEnabledAnywhere();
    if (!isWanted) {
      await stop();
      show({ state: "off" });
    } else if (!server) {
      show({ state: "starting" });
      const start = new AbortController();
      starting = start;
      try {
        const follow = { onStatus: show, onStatistics, onTraining: trainingView.take, onStarted: followTraining };
        // The library of the language client takes longer to load than all else, so it is no part of activation.
        await new Promise((resolve) => setImmediate(resolve));
        const { ServerProcess } = await import("./client.ts");
        start.signal.throwIfAborted();
        server = await ServerProcess.start({ context, log, snooze, ...follow }, start.signal);
        void offer();
      } catch (error) {
        if (start.signal.aborted) return;
        log.error(String(error));
        const why = messageOf(error);
        const message = t("The language server could not start ({0}). Reload the window, or look into the log.", why);
        show({ state: "failed", message });
      } finally {
        starting = undefined;
      }
    }
  };
  const next = (step: () => Promise<void>): void => {
    switching = switching.then(step, step);
  };
  let problems: readonly string[] = [];
  const followSettings = (): void => {
    const found = invalidEnabled();
    for (const problem of found.filter((one) => !problems.includes(one))) void showMessage("warning", problem, log);
    problems = found;
    refresh();
    // A server that never answers does not hold up the switch.
    if (!isEnabledAnywhere()) starting?.abort(new Error("Completions were switched off."));
    next(follow);
  };

  context.subscriptions.push(
    log,
    items,
    snooze,
    snooze.onDidChange(refresh),
    sameEdits,
    playground,
    pages,
    statistics,
    trainingView,
    statistics.onDidChange(refresh),
    window.onDidChangeActiveTextEditor(refresh),
    workspace.onDidChangeWorkspaceFolders(followSettings),
    // A document gets another language.
    workspace.onDidOpenTextDocument(refresh),
    ...registerCommands({
      log,
      memory: context.workspaceState,
      server: () => server,
      snooze,
      statistics,
      sameEdits,
      trainingView,
      playground,
      pages,
      presence,
      extensionId: context.extension.id,
    }),
    onDidChangeSettings(followSettings),
    // The server learns about trust only when it starts.
    workspace.onDidGrantWorkspaceTrust(() => {
      starting?.abort(new Error("The workspace was trusted."));
      next(() => stop().then(follow));
    }),
  );
  followSettings();
}

/** Called by the editor when the window closes. */
export async function deactivate(): Promise<void> {
  starting?.abort(new Error("The window closes."));
  await switching;
  await server?.dispose();
}
