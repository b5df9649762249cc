import type { PageButton, Table, TrainingAction, TrainingPage, WrittenTable } from "../pages/training/messages.ts";
import type { ModelFigures, PastRun, TrainingRun, TrainingView } from "../server/training-protocol.ts";
import { filesOf } from "../wording.ts";
import type { Presence } from "./presence.ts";
import { chartsOf, clockOf, decidingBits } from "./training-charts.ts";

const labels: Readonly<Record<TrainingAction, string>> = {
  train: "Train on Workspace",
  stop: "Stop and Keep Best",
  pause: "Pause",
  resume: "Resume",
  cancel: "Discard Run",
  showLog: "Show Log",
  turnOn: "Turn On",
  trust: "Manage Trust",
  openFolder: "Open Folder",
};

/** What the training page shows: the run under way or the last one, and past runs. */
export function trainingPage(
  { run, past }: TrainingView,
  presence: Pick<Presence, "server" | "hasFolder" | "isTrusted">,
): TrainingPage {
  const table = past.length > 0 ? { past: pastTable(past) } : {};
  const obstacle = obstacleOf(presence);
  if (obstacle) return { ...obstacle, charts: [], ...table };
  if (!run) return { ...noRun, charts: [], ...table };
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
  const buttons = actions.map((action): PageButton => ({ action, label: labels[action] }));
  return { headline, lines, buttons, announcement: headline };
}

const noRun = summary(
  "Nothing is being trained",
  [
    "Training teaches Murmur's network the idiom of your files, on this machine. Suggestions keep working meanwhile, and the new model is used only if it is better on files that it has not seen.",
  ],
  "train",
);

/** Why nothing can be trained here, and what to do about it. */
function obstacleOf({
  server,
  hasFolder,
  isTrusted,
}: Pick<Presence, "server" | "hasFolder" | "isTrusted">): Summary | undefined {
  if (server.state === "off") return summary("Murmur is off", ["Turn it on to train it on your files."], "turnOn");
  if (!isTrusted) {
    const why = "Murmur neither reads this workspace nor trains on it until you trust it.";
    return summary("This workspace is not trusted", [why], "trust");
  }
  if (!hasFolder) return summary("No folder is open", ["Murmur trains on the files of a folder."], "openFolder");
  if (server.state === "failed") return summary("Murmur does not run", [server.message], "showLog");
  if (server.state === "starting") return summary("Murmur is starting", []);
  return undefined;
}

function summaryOf(run: TrainingRun): Summary {
  const { state, isPaused, progress, notes, result } = run;
  const [percent, gain, reads] = [Math.floor(100 * (progress?.share ?? 0)), gainOf(run), readingOf(run)];
  const lines = [gain, reads, ...notes].filter((line) => line !== undefined);
  if (state === "ended") {
    const headline = result?.outcome === "failed" ? "Training failed" : "Training has ended";
    const shown = summary(headline, [result?.message ?? "", ...notes], "train", "showLog");
    return { ...shown, announcement: `${headline}. ${result?.message}` };
  }
  const share = { share: progress?.share ?? 0 };
  if (state === "ending")
    return { ...summary("Finishing: the best model so far is being measured", lines, "cancel"), ...share };
  if (isPaused) return { ...summary(`Paused at ${percent} %`, lines, "resume", "stop", "cancel"), ...share };
  if (state === "preparing" || !progress) {
    const doing = "Murmur reads your files and measures the model in use. Suggestions keep working.";
    return { ...summary("Preparing to train", [doing, ...lines], "stop", "cancel"), ...share };
  }
  const left = `Training: ${percent} %, about ${durationOf(progress.secondsLeft)} left`;
  const speed = `${progress.charactersPerSecond.toLocaleString("en", { maximumFractionDigits: 0 })} characters a second. Suggestions keep working.`;
  const shown = summary(left, [...lines, speed], "pause", "stop", "cancel");
  return { ...shown, ...share, announcement: `Training. ${gain ?? ""}` };
}

/** How much better the run is so far, in plain words. */
function gainOf({ start, evaluations }: TrainingRun): string | undefined {
  const last = evaluations.at(-1);
  if (!start || !last) return undefined;
  const percent = Math.round((1 - decidingBits(last) / decidingBits(start)) * 100);
  if (percent <= 0) return "No better yet on files that it has not seen.";
  return `Predicts files that it has not seen ${percent} % better so far.`;
}

function readingOf({ text }: TrainingRun): string | undefined {
  if (!text) return undefined;
  const { files, characters, heldOutFiles } = text;
  return `Learns from ${filesOf(files)}, ${charactersOf(characters)}. Measured on text of ${filesOf(heldOutFiles)} that it does not learn from.`;
}

function evaluationTable({ evaluations }: TrainingRun): Table {
  const isMixed = evaluations.some(({ mixed }) => mixed !== undefined);
  return {
    title: "Bits per character at each evaluation",
    head: ["Time", ...(isMixed ? ["What you get"] : []), "The network alone"],
    rows: evaluations.map(({ seconds, mixed, bitsPerChar }) => [
      clockOf(seconds),
      ...(isMixed ? [mixed?.toFixed(3) ?? ""] : []),
      bitsPerChar.toFixed(3),
    ]),
  };
}

/** What the network wrote, the last first. */
function writtenTable({ written, state }: TrainingRun): WrittenTable | undefined {
  const [first] = written;
  if (!first && state === "ended") return undefined;
  return {
    title: "What the network writes",
    about:
      "It begins an empty file, character by character. At a low temperature it nearly always takes the likeliest character; at 1 it draws as it predicts. Samples are written only while this page is open.",
    head: ["Time", ...(first?.samples.map(({ temperature }) => `Temperature ${temperature}`) ?? [])],
    rows: written.map(({ seconds, samples }) => [clockOf(seconds), ...samples.map(({ text }) => text)]).reverse(),
  };
}

const outcomes: Readonly<Record<PastRun["outcome"], string>> = {
  installed: "New model in use",
  kept: "No better, so the former model stayed",
  cancelled: "Discarded",
  failed: "Failed",
};

function pastTable(past: readonly PastRun[]): Table {
  const change = (run: PastRun, of: (figures: ModelFigures) => string | undefined): string => {
    const [before, after] = [run.before, run.after].map((figures) => figures && of(figures));
    return before === undefined || after === undefined ? "" : `${before} → ${after}`;
  };
  return {
    title: "Past runs",
    head: ["Ended", "Text", "Trained for", "Typed for you", "Bits per character", "Result"],
    rows: past.map((run) => [
      new Date(run.ended).toLocaleString(undefined, { dateStyle: "medium", timeStyle: "short" }),
      `${filesOf(run.files)}, ${charactersOf(run.characters)}`,
      clockOf(run.seconds),
      change(run, ({ acceptedShare: share }) => (share === undefined ? undefined : `${Math.round(100 * share)} %`)),
      change(run, (figures) => decidingBits(figures).toFixed(3)),
      outcomes[run.outcome],
    ]),
  };
}

function charactersOf(count: number): string {
  if (count < 1000) return `${count} characters`;
  return count < 1_000_000
    ? `${Math.round(count / 1000)} thousand characters`
    : `${(count / 1e6).toFixed(1)} million characters`;
}

/** Roughly, as one says it. */
function durationOf(seconds: number): string {
  if (seconds < 90) return `${Math.max(5, 5 * Math.round(seconds / 5))} s`;
  return seconds < 5400 ? `${Math.round(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
