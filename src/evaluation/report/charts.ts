import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import type { ColumnFigures, LengthFigures } from "../breakdowns.ts";
import type { Reliability } from "../reliability.ts";
import { Html } from "./html.ts";

// Charts as static SVG. Their colours are variables of the page, so they follow its theme.

const right = "var(--right)";
const wrong = "var(--wrong)";
const faint = "var(--rule)";

const percent = (share: number): string => `${Math.round(100 * share)} %`;
const width = 520;
const height = 300;

/** An axis whose values are shares. */
export const shareAxis = { tickFormat: percent, ticks: 5 } as const;

export interface LanguageBar {
  readonly language: string;
  readonly value: number;
  readonly label: string;
}

/** A bar for each language. @param unit of the axis */
export function languageChart(bars: readonly LanguageBar[], axis: Plot.ScaleOptions, description: string): Html {
  return svgOf(description, {
    height: 64 + 30 * bars.length,
    marginLeft: 64,
    marginRight: 56,
    marginTop: 8,
    x: { ...axis, grid: true, zero: true, ticks: 5 },
    y: { label: null, domain: bars.map(({ language }) => language) },
    marks: [
      Plot.barX(bars, { x: "value", y: "language", fill: right, insetTop: 2, insetBottom: 2, rx2: 2 }),
      Plot.text(bars, { x: "value", y: "language", text: "label", textAnchor: "start", dx: 6 }),
      Plot.ruleX([0]),
    ],
  });
}

/** The accepted share by column. */
export function columnChart(columns: readonly ColumnFigures[], description: string): Html {
  const last = columns.at(-1)?.to ?? 0;
  return svgOf(description, {
    x: {
      label: "characters from the line's start",
      domain: [0, last],
      ticks: columns.map(({ from }) => from).filter((_, i) => i % 2 === 0),
    },
    y: { label: "accepted share", ...shareAxis, grid: true, zero: true, nice: true },
    marks: [
      Plot.rectY(columns, {
        x1: "from",
        x2: "to",
        y: "acceptedShare",
        fill: right,
        insetLeft: 1,
        insetRight: 1,
        ry2: 2,
      }),
      Plot.ruleY([0]),
    ],
  });
}

/** How many suggestions of each length were right and wrong. */
export function lengthChart(lengths: readonly LengthFigures[], description: string): Html {
  const parts = lengths.flatMap((figures) => [
    { lengths: figures.lengths, outcome: "right", count: figures.right },
    { lengths: figures.lengths, outcome: "wrong", count: figures.wrong },
  ]);
  const totals = lengths.map((figures) => ({ ...figures, shown: figures.right + figures.wrong }));
  return svgOf(description, {
    x: { label: "characters", domain: lengths.map((figures) => figures.lengths), padding: 0.25 },
    y: { label: "suggestions shown", grid: true, ticks: 5, nice: true },
    color: { domain: ["right", "wrong"], range: [right, wrong] },
    marks: [
      Plot.barY(parts, { x: "lengths", y: "count", fill: "outcome" }),
      Plot.text(
        totals.filter(({ shown }) => shown > 0),
        {
          x: "lengths",
          y: "shown",
          text: (figures: (typeof totals)[number]) => `${Math.round((100 * figures.right) / figures.shown)} % right`,
          dy: -8,
        },
      ),
      Plot.ruleY([0]),
    ],
  });
}

/** The probability of suggestions against the share that was right. Calibrated probabilities lie on the diagonal. */
export function reliabilityChart({ bins }: Reliability, description: string): Html {
  return svgOf(description, {
    x: { label: "probability that the engine gave", domain: [0, 1], ...shareAxis },
    y: { label: "share that was right", domain: [0, 1], ...shareAxis, grid: true },
    r: { type: "sqrt", range: [2.5, 11] },
    marks: [
      Plot.line(
        [
          [0, 0],
          [1, 1],
        ],
        { stroke: "currentColor", strokeOpacity: 0.5, strokeDasharray: "4 4" },
      ),
      Plot.link(bins, {
        x1: "meanProbability",
        x2: "meanProbability",
        y1: "meanProbability",
        y2: "rightShare",
        stroke: wrong,
        strokeWidth: 2,
      }),
      Plot.dot(bins, { x: "meanProbability", y: "rightShare", r: "count", fill: right, stroke: faint }),
    ],
  });
}

function svgOf(description: string, options: Plot.PlotOptions): Html {
  const { document } = parseHTML("<html></html>");
  const plot = Plot.plot({
    width,
    height,
    marginTop: 32,
    marginLeft: 52,
    marginBottom: 48,
    style: { fontSize: "13px", fontFamily: "inherit", background: "none" },
    ...options,
    document,
  });
  plot.setAttribute("role", "img");
  plot.setAttribute("aria-label", description);
  return new Html(plot.outerHTML);
}
