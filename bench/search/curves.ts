import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";

/** How the loss on held-out text fell in a run. */
export interface Curve {
  readonly name: string;
  readonly points: readonly { readonly minutes: number; readonly nats: number }[];
}

/** Curves of held-out loss over time, as an SVG picture that can be read on a light and on a dark page. */
export function lossCurves(curves: readonly Curve[]): string {
  const points = curves.flatMap(({ name, points }) => points.map((point) => ({ ...point, name })));
  const ends = curves.flatMap(({ name, points }) => points.slice(-1).map((point) => ({ ...point, name })));
  const { document } = parseHTML("<html><body></body></html>");
  const chart = Plot.plot({
    document,
    width: 720,
    height: 400,
    marginRight: 70,
    style: { background: "white", color: "#24292f", fontSize: "13px" },
    x: { label: "minutes of training", zero: true, grid: true },
    y: { label: "nats per character, sample of the held-out text", grid: true, nice: true },
    color: { scheme: "Observable10" },
    marks: [
      Plot.line(points, { x: "minutes", y: "nats", stroke: "name", strokeWidth: 2 }),
      Plot.dot(points, { x: "minutes", y: "nats", fill: "name", r: 3 }),
      Plot.text(ends, { x: "minutes", y: "nats", text: "name", fill: "name", textAnchor: "start", dx: 8 }),
    ],
  });
  chart.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  return `${chart.outerHTML}\n`;
}
