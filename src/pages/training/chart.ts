// This must come first.
import "./valid-language.ts";
import uPlot from "uplot";
import { t } from "../../l10n.ts";
import { element } from "../page.ts";
import type { Chart, ChartLine, LineKind } from "./messages.ts";

const height = 240;
/** In CSS pixels; lines differ by more than their colours. */
const strokes: Readonly<Record<LineKind, { readonly width: number; readonly dash?: number[] }>> = {
  learned: { width: 1 },
  heldOut: { width: 2 },
  start: { width: 2, dash: [8, 4] },
  shipped: { width: 2, dash: [2, 4] },
};

/** A chart with its title and legend. It is drawn in the colours of the editor's theme. */
export class ChartView {
  readonly root = element("figure", { class: "chart" });
  readonly #title = element("figcaption");
  readonly #plotted = element("div", { role: "img" });
  readonly #legend = element("ul", { class: "legend", "aria-hidden": true });
  readonly #summary = element("p", { class: "muted" });
  #plot: uPlot | undefined;
  #chart: Chart | undefined;
  /** What the plot is made for: its lines and axes, and the theme. */
  #made = "";

  constructor() {
    this.root.append(this.#title, this.#plotted, this.#legend, this.#summary);
    new ResizeObserver(() => {
      const width = this.#plotted.clientWidth;
      if (width > 0) this.#plot?.setSize({ width, height });
    }).observe(this.#plotted);
  }

  show(chart: Chart): void {
    this.#chart = chart;
    this.#title.textContent = chart.title;
    this.#summary.textContent = chart.summary;
    this.#plotted.setAttribute("aria-label", t("Chart: {0}", chart.title));
    const made = JSON.stringify([chart.xLabel, chart.lines.map(({ kind, label }) => [kind, label])]);
    if (this.#plot && made === this.#made) this.#plot.setData(dataOf(chart), true);
    else this.#make(chart);
    this.#made = made;
  }

  /** Draws again in the colours of another theme. */
  redraw(): void {
    if (this.#chart) this.#make(this.#chart);
  }

  #make(chart: Chart): void {
    this.#plot?.destroy();
    this.#legend.replaceChildren(...chart.lines.map(legendOf));
    const { color, fontFamily } = getComputedStyle(document.body);
    const grid = { stroke: colourOf(this.#legend, "--grid"), width: 1 };
    const axis = { stroke: color, font: `12px ${fontFamily}`, labelFont: `12px ${fontFamily}`, grid, ticks: grid };
    const options: uPlot.Options = {
      width: this.#plotted.clientWidth || 400,
      height,
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: false, range: () => [0, this.#chart?.xEnd ?? 1] } },
      axes: [
        { ...axis, label: chart.xLabel, labelSize: 20, size: 32 },
        { ...axis, label: chart.yLabel, labelSize: 20, size: 56 },
      ],
      series: [{}, ...chart.lines.map((line) => seriesOf(line, colourOf(this.#legend, `--${line.kind}`)))],
    };
    this.#plot = new uPlot(options, dataOf(chart), this.#plotted);
  }
}

function seriesOf({ kind }: ChartLine, stroke: string): uPlot.Series {
  const points = kind === "heldOut" ? { show: true, size: 6, fill: stroke } : { show: false };
  return { stroke, ...strokes[kind], spanGaps: true, points };
}

/** The lines over one list of all x. */
function dataOf({ lines }: Chart): uPlot.AlignedData {
  return uPlot.join(lines.map(({ points }) => [points.map(([x]) => x), points.map(([, y]) => y)]));
}

function legendOf({ kind, label }: ChartLine): HTMLLIElement {
  return element("li", {}, element("span", { class: `swatch ${kind}` }), label);
}

function colourOf(place: Element, variable: string): string {
  return getComputedStyle(place).getPropertyValue(variable).trim();
}
