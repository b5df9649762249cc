import { CancellationTokenSource, commands, type Disposable, type LogOutputChannel, window } from "vscode";
import { eagernessLevels, type ResetResult, type TrainResult } from "../server/protocol.ts";
import type { ServerProcess } from "./client.ts";
import { eagerness, isEnabledAnywhere, setEagerness, setEnabled, setTemperature, temperature } from "./config.ts";
import { TrainingProgress } from "./training-progress.ts";

export const menuCommand = "murmur.showMenu";

/** What the commands act on. */
export interface CommandContext {
  readonly log: LogOutputChannel;
  /** The server; undefined while completions are off. */
  readonly server: () => ServerProcess | undefined;
}

/** Registers the commands. */
export function registerCommands(context: CommandContext): Disposable[] {
  const actions: Readonly<Record<string, () => unknown>> = {
    "murmur.train": () => train(context),
    "murmur.stopTraining": () => context.server()?.stopTraining(),
    "murmur.resetWorkspace": () => resetWorkspace(context),
    "murmur.setEagerness": askForEagerness,
    "murmur.setTemperature": askForTemperature,
    "murmur.toggle": () => setEnabled(!isEnabledAnywhere()),
    "murmur.showLog": () => context.log.show(),
    "murmur.dismiss": () => dismiss(context),
    [menuCommand]: showMenu,
  };
  return Object.entries(actions).map(([id, action]) => commands.registerCommand(id, action));
}

async function train({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("train");
  const discarding = new CancellationTokenSource();
  const progress = new TrainingProgress();
  const run = running.train((percent, line) => progress.report(percent, line), discarding.token);
  const ended = run.then(
    () => "ended" as const,
    () => "ended" as const,
  );
  try {
    while ((await progress.show(ended)) === "cancelled") {
      const answer = await Promise.race([askHowToEnd(), ended]);
      if (answer === "keep") await running.stopTraining();
      if (answer === "discard") discarding.cancel();
    }
    void show(await run, log);
  } finally {
    discarding.dispose();
  }
}

/** What Cancel means, which the editor gives no other buttons beside. */
async function askHowToEnd(): Promise<"keep" | "discard" | "go on"> {
  const [keep, discard] = ["Stop and Keep Best", "Discard Run"];
  const answer = await window.showWarningMessage(
    "End Murmur's training?",
    {
      modal: true,
      detail:
        "Training can stop now with the best model so far kept, if it is better than the one in use; or all that this run has learned can be discarded. Until you choose, it goes on.",
    },
    keep,
    discard,
  );
  if (answer === keep) return "keep";
  return answer === discard ? "discard" : "go on";
}

async function offerToTurnOn(purpose: string): Promise<void> {
  const turnOn = "Turn On";
  const answer = await window.showWarningMessage(`Murmur is off. Turn it on to ${purpose}.`, turnOn);
  if (answer === turnOn) await setEnabled(true);
}

async function resetWorkspace({ server, log }: CommandContext): Promise<void> {
  const running = server();
  if (!running) return await offerToTurnOn("reset its model");
  const reset = "Reset";
  const answer = await window.showWarningMessage(
    "Reset Murmur's model of this workspace?",
    {
      modal: true,
      detail:
        "The model that was trained on this workspace and all that was learned of its text are deleted. The default model answers then, and reads the workspace anew.",
    },
    reset,
  );
  if (answer !== reset) return;
  void show(await running.reset(), log);
}

/** Says how something ended. With a button a notification is shown whole, and leads to what else was logged. */
async function show({ outcome, message }: TrainResult | ResetResult, log: LogOutputChannel): Promise<void> {
  const showLog = "Show Log";
  const show = outcome === "failed" ? window.showErrorMessage : window.showInformationMessage;
  if ((await show(message, showLog)) === showLog) log.show();
}

/** What Escape does to ghost text, and that the server is told: the editor does not say when a suggestion is dismissed. */
async function dismiss({ server }: CommandContext): Promise<void> {
  const document = window.activeTextEditor?.document;
  // The server is told first, and so before what is typed next.
  await Promise.all([
    document && server()?.dismiss(document.uri),
    commands.executeCommand("editor.action.inlineSuggest.hide"),
  ]);
}

async function askForEagerness(): Promise<void> {
  const details = {
    quiet: "few suggestions, nearly always right",
    balanced: "shows what is likely to save keystrokes",
    eager: "more and longer suggestions, more often wrong",
  };
  const now = eagerness();
  const items = eagernessLevels.map((level) => ({
    label: level,
    description: level === now ? "now" : "",
    detail: details[level],
    level,
  }));
  const chosen = await window.showQuickPick(items, { title: "Murmur: Eagerness" });
  if (chosen) await setEagerness(chosen.level);
}

async function askForTemperature(): Promise<void> {
  const answer = await window.showInputBox({
    title: "Murmur: Temperature",
    prompt: "0: always the likeliest continuation. Higher: more varied, up to 2.",
    value: String(temperature()),
    validateInput: (text) => (parseTemperature(text) === undefined ? "A number from 0 to 2." : undefined),
  });
  const value = answer === undefined ? undefined : parseTemperature(answer);
  if (value !== undefined) await setTemperature(value);
}

function parseTemperature(text: string): number | undefined {
  const value = text.trim() === "" ? Number.NaN : Number(text.trim().replace(",", "."));
  return value >= 0 && value <= 2 ? value : undefined;
}

async function showMenu(): Promise<void> {
  const items = [
    { label: "$(mortar-board) Train on Workspace", command: "murmur.train" },
    { label: "$(debug-stop) Stop Training", command: "murmur.stopTraining" },
    { label: "$(trash) Reset Workspace Model", command: "murmur.resetWorkspace" },
    { label: "$(dashboard) Set Eagerness", command: "murmur.setEagerness" },
    { label: "$(flame) Set Temperature", command: "murmur.setTemperature" },
    { label: "$(circle-slash) Toggle Completions", command: "murmur.toggle" },
    { label: "$(output) Show Log", command: "murmur.showLog" },
  ];
  const chosen = await window.showQuickPick(items, { title: "Murmur" });
  if (chosen) await commands.executeCommand(chosen.command);
}
