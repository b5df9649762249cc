import { formatNumber, t } from "../l10n.ts";
import type { Chart, ChartLine } from "../pages/training/messages.ts";
import type { ModelFigures, TrainingRun } from "../server/training-protocol.ts";

/** A chart of what users get, where the network is mixed with a local model, and one of the network alone. */
export function chartsOf(run: TrainingRun): Chart[] {
  const { evaluations, learned, progress, state } = run;
  const last = Math.max(0, ...evaluations.map(({ seconds }) => seconds), learned.at(-1)?.seconds ?? 0);
  const expected = progress && progress.share > 0.01 ? progress.seconds / progress.share : 60 * run.minutes;
  const end = state === "ended" ? last : Math.max(last, expected);
  if (evaluations.length === 0 || end === 0) return [];
  const unit =
    end > 120 ? { label: t("Minutes of training"), seconds: 60 } : { label: t("Seconds of training"), seconds: 1 };
  const axes = {
    xLabel: unit.label,
    yLabel: t("Bits per character"),
    xEnd: end / unit.seconds,
  };
  const chartOf = (title: string, of: (figures: ModelFigures) => number | undefined, others: ChartLine[]): Chart => {
    const line = (kind: ChartLine["kind"], label: string, points: readonly Timed[]): ChartLine => ({
      kind,
      label,
      points: points.map(([seconds, bits]): Timed => [seconds / unit.seconds, bits]),
    });
    const timed = evaluations.flatMap((one): Timed[] => pointOf(one.seconds, of(one)));
    const level = (kind: ChartLine["kind"], label: string, figures: ModelFigures | undefined): ChartLine[] => {
      const bits = figures && of(figures);
      return bits === undefined ? [] : [line(kind, label, [...pointOf(0, bits), ...pointOf(end, bits)])];
    };
    const lines = [
      ...others.map(({ kind, label, points }) => line(kind, label, points)),
      line("heldOut", t("On files that it has not seen"), timed),
      ...level("start", t("The model it started from"), run.start),
      ...level("shipped", t("The model that comes with Murmur"), run.shipped),
    ];
    return { title, summary: sentenceOf(timed, run.start && of(run.start)), ...axes, lines };
  };
  const ofText = learned.map(({ seconds, bitsPerChar }): Timed => [seconds, bitsPerChar]);
  const learnedLine: ChartLine = { kind: "learned", label: t("On the text that it learns from"), points: ofText };
  const isMixed = evaluations.some(({ mixed }) => mixed !== undefined);
  return [
    ...(isMixed ? [chartOf(t("What you get: network and local model together"), ({ mixed }) => mixed, [])] : []),
    chartOf(t("The network alone"), ({ bitsPerChar }) => bitsPerChar, [learnedLine]),
  ];
}

/** Seconds, and bits per character. */
type Timed = readonly [seconds: number, bits: number];

function pointOf(seconds: number, bits: number | undefined): Timed[] {
  return bits === undefined ? [] : [[seconds, bits]];
}

function sentenceOf(points: readonly Timed[], start: number | undefined): string {
  const last = points.at(-1);
  if (!last) return "";
  const [time, bits] = [clockOf(last[0]), formatNumber(last[1], 3)];
  return start === undefined
    ? t("After {0} it needs {1} bits per character on files that it has not seen. Fewer are better.", time, bits)
    : t(
        "After {0} it needs {1} bits per character on files that it has not seen; the model it started from needs {2}. Fewer are better.",
        time,
        bits,
        formatNumber(start, 3),
      );
}

/** What decides between two models: fewer bits per character are better. */
export function decidingBits({ mixed, bitsPerChar }: ModelFigures): number {
  return mixed ?? bitsPerChar;
}

/** As a clock shows it: minutes and seconds, or hours, minutes and seconds. */
export function clockOf(seconds: number): string {
  const whole = Math.round(seconds);
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  const padded = (value: number): string => String(value).padStart(2, "0");
  const end = padded(whole % 60);
  return hours > 0 ? `${hours}:${padded(minutes)}:${end}` : `${minutes}:${end}`;
}
