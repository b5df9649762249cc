import { commands, type ExtensionContext, window } from "vscode";
import { ServerProcess } from "./client.ts";
import { menuCommand, registerCommands } from "./commands.ts";
import { isEnabledAnywhere, onDidChangeSettings } from "./config.ts";
import { StatusItem } from "./status.ts";

let server: ServerProcess | undefined;
/** The last start or stop; the next one waits for it. */
let switching: Promise<void> = Promise.resolve();

/** Called by the editor. Off means off: the server is started only where completions are wanted. */
export function activate(context: ExtensionContext): void {
  const log = window.createOutputChannel("Murmur", { log: true });
  const status = new StatusItem(menuCommand);

  const follow = async (): Promise<void> => {
    const isWanted = isEnabledAnywhere();
    if (isWanted === (server !== undefined)) return;
    // When-clause context of the key that dismisses: while Murmur is off, it has no part in Escape.
    await commands.executeCommand("setContext", "murmur.isOn", isWanted);
    if (isWanted) {
      status.show({ state: "starting" });
      try {
        server = await ServerProcess.start(context, log, (reported) => status.show(reported));
      } catch (error) {
        log.error(String(error));
        status.show({ state: "failed", message: `The language server did not start: ${String(error)}` });
      }
    } else {
      const former = server;
      server = undefined;
      await former?.dispose();
      status.show({ state: "off" });
    }
  };
  const followNext = (): void => {
    switching = switching.then(follow, follow);
  };

  context.subscriptions.push(
    log,
    status,
    ...registerCommands({ log, server: () => server }),
    onDidChangeSettings(followNext),
  );
  if (!isEnabledAnywhere()) status.show({ state: "off" });
  followNext();
}

/** Called by the editor when the window closes. */
export async function deactivate(): Promise<void> {
  await switching;
  await server?.dispose();
}
