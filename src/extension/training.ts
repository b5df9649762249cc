import { CancellationTokenSource, commands, type LogOutputChannel, type MessageItem, window, workspace } from "vscode";
import { messageOf } from "../errors.ts";
import { t } from "../l10n.ts";
import type { FilesRead, TrainResult } from "../server/training-protocol.ts";
import type { CommandContext } from "./command-context.ts";
import { trainingMinutes } from "./config.ts";
import { languageName } from "./languages.ts";
import { showMessage } from "./messages.ts";
import { showResult } from "./models.ts";
import { hasFolder, offerToOpenFolder, offerToTrust, offerToTurnOn } from "./offers.ts";
import { longerThan, trainFor, trainingChoices } from "./training-choices.ts";
import { TrainingProgress } from "./training-progress.ts";

type RunContext = Pick<CommandContext, "server" | "memory" | "log">;

/** What the length of the last run is kept under. */
const minutesKey = "trainingMinutes";

/** *Train on Workspace*. Before the first run of a workspace, it shows what will be read. */
export async function train(context: CommandContext): Promise<void> {
  const { server, log } = context;
  const running = server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to train."));
  if (!workspace.isTrusted)
    return await offerToTrust(t("This workspace is not trusted. Trust it to let Murmur train on it."));
  if (!hasFolder()) return await offerToOpenFolder(t("Murmur trains on the files of a folder, and no folder is open."));
  const read = await running.filesRead();
  const minutes = read.isTrained ? trainingMinutes() : await askForMinutes(read, log);
  if (minutes !== undefined) await run(context, minutes);
}

/** Asks whether a run that was interrupted, as by a reload of the window, should go on. */
export async function offerToGoOn(context: RunContext): Promise<void> {
  const { server, memory } = context;
  const isInterrupted = async (): Promise<boolean> => (await server()?.isTrainingInterrupted()) === true;
  if (!(await isInterrupted())) return;
  const [goOn, discard] = [t("Continue Training"), t("Discard Run")];
  const question = t(
    "Training on this workspace was interrupted. It goes on from where it was if the files are the same.",
  );
  const answer = await window.showInformationMessage(question, goOn, discard);
  // The answer may come much later, when the run has gone on already.
  if (answer === undefined || !(await isInterrupted())) return;
  if (answer === goOn) await run(context, memory.get(minutesKey, trainingMinutes()));
  else await server()?.cancelTraining();
}

/** Shows what will be read, and asks how long to train. */
async function askForMinutes(read: FilesRead, log: LogOutputChannel): Promise<number | undefined> {
  const items = trainingChoices(read, trainingMinutes(), languageName);
  const title = t("Murmur: Train on Workspace");
  const placeHolder = t("A new model is used only if it is better on files that it has not seen");
  const chosen = await window.showQuickPick(items, { title, placeHolder });
  if (chosen?.minutes === undefined && chosen) {
    if (chosen.leads === "exclude")
      await commands.executeCommand("workbench.action.openSettings", "murmur.training.exclude");
    else log.show();
  }
  return chosen?.minutes;
}

async function run(context: RunContext, minutes: number): Promise<void> {
  const { server, memory, log } = context;
  const running = server();
  if (!running) return await offerToTurnOn(t("Murmur is off. Turn it on to train."));
  // A run that is interrupted is as long when it goes on.
  void memory.update(minutesKey, minutes);
  const discarding = new CancellationTokenSource();
  const progress = new TrainingProgress();
  const run = running.train(minutes, (percent, line) => progress.report(percent, line), discarding.token);
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
    void showTrained(await run, context, minutes);
  } catch (error) {
    log.info(`The server ended during training: ${messageOf(error)}`);
    const message = t("Training was interrupted, because Murmur's server has ended. Train again to go on.");
    void showMessage("warning", message, log);
  } finally {
    discarding.dispose();
  }
}

/** Asks what Cancel should do. The progress notification can't have other buttons. */
async function askHowToEnd(): Promise<"keep" | "discard" | "go on"> {
  const [keep, discard] = [{ title: t("Stop and Keep Best") }, { title: t("Discard Run") }];
  // Otherwise the dialog would have a second Cancel.
  const goOn = { title: t("Continue Training"), isCloseAffordance: true };
  const detail = t(
    "You can stop now and keep the best model so far, if it is better than the one in use. Or you can discard everything this run has learned. Training continues until you choose.",
  );
  const question = t("End Murmur's training?");
  const answer = await window.showWarningMessage<MessageItem>(question, { modal: true, detail }, keep, discard, goOn);
  if (answer === keep) return "keep";
  return answer === discard ? "discard" : "go on";
}

/** Shows how training ended. A new model can be undone at once; where there is none, a longer run may find one. */
async function showTrained(
  { outcome, message, replaced }: TrainResult,
  context: RunContext,
  minutes: number,
): Promise<void> {
  const { server, log } = context;
  if (outcome !== "installed" && outcome !== "kept") return await showResult({ outcome, message }, log);
  const more = longerThan(minutes);
  const [undo, longer, details] = [t("Undo"), trainFor(more), t("Details")];
  const buttons = [...(outcome === "installed" ? [undo] : []), longer, details];
  const answer = await window.showInformationMessage(message, ...buttons);
  if (answer === details) await commands.executeCommand("murmur.showTraining");
  if (answer === longer) await run(context, more);
  if (answer !== undo || replaced === undefined) return;
  const running = server();
  if (running) void showResult(await running.models.restore(replaced), log);
  else await offerToTurnOn(t("Murmur is off. Turn it on to restore a model."));
}
