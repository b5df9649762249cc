import { formatDate, formatNumber, t } from "../l10n.ts";
import type { PageButton, Table, TrainingAction, TrainingPage, WrittenTable } from "../pages/training/messages.ts";
import type { ModelFigures, PastRun, TrainingRun, TrainingView } from "../server/training-protocol.ts";
import { charactersOf, filesOf } from "../wording.ts";
import type { Presence } from "./presence.ts";
import { chartsOf, clockOf, decidingBits } from "./training-charts.ts";

function labelOf(action: TrainingAction): string {
  const labels: Readonly<Record<TrainingAction, string>> = {
    train: t("Train on Workspace"),
    stop: t("Stop and Keep Best"),
    pause: t("Pause"),
    resume: t("Resume"),
    cancel: t("Discard Run"),
    showLog: t("Show Log"),
    turnOn: t("Turn On"),
    trust: t("Manage Trust"),
    openFolder: t("Open Folder"),
  };
  return labels[action];
}

/** What the training page shows: the run under way or the last one, and past runs. */
export function trainingPage(
  { run, past }: TrainingView,
  presence: Pick<Presence, "server" | "hasFolder" | "isTrusted">,
): TrainingPage {
  const table = past.length > 0 ? { past: pastTable(past) } : {};
  const obstacle = obstacleOf(presence);
  if (obstacle) return { ...obstacle, charts: [], ...table };
  if (!run) return { ...noRun(), charts: [], ...table };
  const written = writtenTable(run);
  return {
    ...summaryOf(run),
    charts: chartsOf(run),
    ...(run.evaluations.length > 0 && { evaluations: evaluationTable(run) }),
    ...(written && { written }),
    ...table,
  };
}

/** The top of the page. */
type Summary = Pick<TrainingPage, "headline" | "lines" | "share" | "buttons" | "announcement">;

function summary(headline: string, lines: readonly string[], ...actions: readonly TrainingAction[]): Summary {
  const buttons = actions.map((action): PageButton => ({ action, label: labelOf(action) }));
  return { headline, lines, buttons, announcement: headline };
}

function noRun(): Summary {
  const about = t(
    "Training teaches Murmur's network the idiom of your files, on this machine. Suggestions keep working meanwhile, and the new model is used only if it is better on files that it has not seen.",
  );
  return summary(t("Nothing is being trained"), [about], "train");
}

/** Why nothing can be trained here, and what to do about it. */
function obstacleOf({
  server,
  hasFolder,
  isTrusted,
}: Pick<Presence, "server" | "hasFolder" | "isTrusted">): Summary | undefined {
  if (server.state === "off")
    return summary(t("Murmur is off"), [t("Turn it on to train it on your files.")], "turnOn");
  if (!isTrusted) {
    const why = t("Murmur neither reads this workspace nor trains on it until you trust it.");
    return summary(t("This workspace is not trusted"), [why], "trust");
  }
  if (!hasFolder) return summary(t("No folder is open"), [t("Murmur trains on the files of a folder.")], "openFolder");
  if (server.state === "failed") return summary(t("Murmur does not run"), [server.message], "showLog");
  if (server.state === "starting") return summary(t("Murmur is starting"), []);
  return undefined;
}

function summaryOf(run: TrainingRun): Summary {
  const { state, isPaused, progress, notes, result } = run;
  const [percent, gain, reads] = [Math.floor(100 * (progress?.share ?? 0)), gainOf(run), readingOf(run)];
  const lines = [gain, reads, ...notes].filter((line) => line !== undefined);
  if (state === "ended") {
    const headline = result?.outcome === "failed" ? t("Training failed") : t("Training has ended");
    const shown = summary(headline, [result?.message ?? "", ...notes], "train", "showLog");
    return { ...shown, announcement: `${headline}. ${result?.message}` };
  }
  const share = { share: progress?.share ?? 0 };
  if (state === "ending")
    return { ...summary(t("Finishing: the best model so far is being measured"), lines, "cancel"), ...share };
  if (isPaused) return { ...summary(t("Paused at {0} %", percent), lines, "resume", "stop", "cancel"), ...share };
  if (state === "preparing" || !progress) {
    const doing = t("Murmur reads your files and measures the model in use. Suggestions keep working.");
    return { ...summary(t("Preparing to train"), [doing, ...lines], "stop", "cancel"), ...share };
  }
  const left = t("Training: {0} %, about {1} left", percent, durationOf(progress.secondsLeft));
  const speed = t("{0} characters a second. Suggestions keep working.", formatNumber(progress.charactersPerSecond, 0));
  const shown = summary(left, [...lines, speed], "pause", "stop", "cancel");
  return { ...shown, ...share, announcement: t("Training. {0}", gain ?? "") };
}

/** How much better the run is so far, in plain words. */
function gainOf({ start, evaluations }: TrainingRun): string | undefined {
  const last = evaluations.at(-1);
  if (!start || !last) return undefined;
  const percent = Math.round((1 - decidingBits(last) / decidingBits(start)) * 100);
  if (percent <= 0) return t("No better yet on files that it has not seen.");
  return t("Predicts files that it has not seen {0} % better so far.", percent);
}

function readingOf({ text }: TrainingRun): string | undefined {
  if (!text) return undefined;
  const { files, characters, heldOutFiles } = text;
  return t(
    "Learns from {0}, {1}. Measured on text of {2} that it does not learn from.",
    filesOf(files),
    charactersOf(characters),
    filesOf(heldOutFiles),
  );
}

function evaluationTable({ evaluations }: TrainingRun): Table {
  const isMixed = evaluations.some(({ mixed }) => mixed !== undefined);
  return {
    title: t("Bits per character at each evaluation"),
    head: [t("Time"), ...(isMixed ? [t("What you get")] : []), t("The network alone")],
    rows: evaluations.map(({ seconds, mixed, bitsPerChar }) => [
      clockOf(seconds),
      ...(isMixed ? [mixed === undefined ? "" : formatNumber(mixed, 3)] : []),
      formatNumber(bitsPerChar, 3),
    ]),
  };
}

/** What the network wrote, the last first. */
function writtenTable({ written, state }: TrainingRun): WrittenTable | undefined {
  const [first] = written;
  if (!first && state === "ended") return undefined;
  return {
    title: t("What the network writes"),
    about: t(
      "It begins an empty file, character by character. At a low temperature it nearly always takes the likeliest character; at 1 it draws as it predicts. Samples are written only while this page is open.",
    ),
    head: [
      t("Time"),
      ...(first?.samples.map(({ temperature }) => t("Temperature {0}", formatNumber(temperature))) ?? []),
    ],
    rows: written.map(({ seconds, samples }) => [clockOf(seconds), ...samples.map(({ text }) => text)]).reverse(),
  };
}

function outcomeWords(outcome: PastRun["outcome"]): string {
  const words = {
    installed: t("New model in use"),
    kept: t("No better, so the former model stayed"),
    cancelled: t("Discarded"),
    failed: t("Failed"),
  };
  return words[outcome];
}

function pastTable(past: readonly PastRun[]): Table {
  const change = (run: PastRun, of: (figures: ModelFigures) => string | undefined): string => {
    const [before, after] = [run.before, run.after].map((figures) => figures && of(figures));
    return before === undefined || after === undefined ? "" : `${before} → ${after}`;
  };
  return {
    title: t("Past runs"),
    head: [t("Ended"), t("Text"), t("Trained for"), t("Typed for you"), t("Bits per character"), t("Result")],
    rows: past.map((run) => [
      formatDate(new Date(run.ended)),
      `${filesOf(run.files)}, ${charactersOf(run.characters)}`,
      clockOf(run.seconds),
      change(run, ({ acceptedShare: share }) => (share === undefined ? undefined : `${Math.round(100 * share)} %`)),
      change(run, (figures) => formatNumber(decidingBits(figures), 3)),
      outcomeWords(run.outcome),
    ]),
  };
}

/** Roughly, as one says it. */
function durationOf(seconds: number): string {
  if (seconds < 90) return t("{0} s", Math.max(5, 5 * Math.round(seconds / 5)));
  return seconds < 5400 ? t("{0} min", Math.round(seconds / 60)) : t("{0} h", formatNumber(seconds / 3600, 1));
}
