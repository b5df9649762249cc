import { commands, type ExtensionContext, window, workspace } from "vscode";
import { settingsSection } from "../server/protocol.ts";
import { ServerProcess } from "./client.ts";
import { menuCommand, registerCommands } from "./commands.ts";
import { invalidEnabled, isEnabledAnywhere, onDidChangeSettings } from "./config.ts";
import { type ShownStatus, StatusItem } from "./status.ts";

let server: ServerProcess | undefined;
/** Resolves when the last start or stop is complete; the next one waits for it. */
let switching: Promise<void> = Promise.resolve();
/** Ends the start that is not complete. */
let starting: AbortController | undefined;

/** Called by the editor. The server runs only if completions are switched on somewhere. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Murmur", { log: true });
  const item = new StatusItem(menuCommand);

  const show = (status: ShownStatus): void => {
    item.show(status);
    // When-clause contexts. The server's status covers every training run, however it was started. While Murmur is off, it does not handle Escape.
    void commands.executeCommand("setContext", "murmur.isTraining", status.state === "training");
    const isBusy = status.state === "training" && status.isAsked;
    void commands.executeCommand("setContext", "murmur.isBusy", isBusy);
    void commands.executeCommand("setContext", "murmur.isOn", status.state !== "off");
  };
  const stop = async (): Promise<void> => {
    const former = server;
    server = undefined;
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
        server = await ServerProcess.start(context, log, show, start.signal);
      } catch (error) {
        if (start.signal.aborted) return;
        log.error(String(error));
        show({ state: "failed", message: `The language server could not start: ${String(error)}` });
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
    for (const problem of found.filter((one) => !problems.includes(one))) void warn(problem);
    problems = found;
    // A server that never answers does not hold up the switch.
    if (!isEnabledAnywhere()) starting?.abort(new Error("Completions were switched off."));
    next(follow);
  };

  context.subscriptions.push(
    log,
    item,
    ...registerCommands({ log, server: () => server }),
    onDidChangeSettings(followSettings),
    // The server learns about trust only when it starts.
    workspace.onDidGrantWorkspaceTrust(() => {
      starting?.abort(new Error("The workspace was trusted."));
      next(() => stop().then(follow));
    }),
  );
  followSettings();
}

/** Reports an invalid setting. A notification with a button is not clipped, and the button leads to the setting. */
async function warn(problem: string): Promise<void> {
  const open = "Open Settings";
  if ((await window.showWarningMessage(problem, open)) === open) {
    await commands.executeCommand("workbench.action.openSettings", `${settingsSection}.enabled`);
  }
}

/** Called by the editor when the window closes. */
export async function deactivate(): Promise<void> {
  starting?.abort(new Error("The window closes."));
  await switching;
  await server?.dispose();
}
