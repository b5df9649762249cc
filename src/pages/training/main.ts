// This must come first.
import "../language.ts";
import { t } from "../../l10n.ts";
import { connect, element, pageElement } from "../page.ts";
import { ChartView } from "./chart.ts";
import type { FromTrainingPage, PageButton, Table, TrainingPage, WrittenTable } from "./messages.ts";
import { Section, tableOf } from "./section.ts";

const { post, onMessage } = connect<TrainingPage, FromTrainingPage>();

const headline = element("h1");
const progress = element("progress", { max: 1, "aria-label": t("How much of the run is done") });
const lines = new Section<readonly string[]>(element("div"), (texts) => texts.map((text) => element("p", {}, text)));
const buttons = new Section<readonly PageButton[]>(element("div", { class: "buttons" }), buttonsOf);
const announcement = element("p", { class: "for-screen-readers", role: "status" });
const charts = element("div", { class: "charts" });
const views: ChartView[] = [];
const evaluations = new Section<Table>(element("details"), (table) => [
  element("summary", {}, table.title),
  tableOf(table),
]);
const written = new Section<WrittenTable>(element("section", { class: "written" }), (table) => [
  element("h2", {}, table.title),
  element("p", { class: "muted" }, table.about),
  ...(table.rows.length > 0 ? [scrolled(tableOf(table, "code"), table.title)] : []),
]);
const past = new Section<Table>(element("section"), (table) => [
  element("h2", {}, table.title),
  scrolled(tableOf(table), table.title),
]);

pageElement().append(
  headline,
  progress,
  lines.root,
  buttons.root,
  announcement,
  charts,
  evaluations.root,
  written.root,
  past.root,
);

onMessage((page) => {
  headline.textContent = page.headline;
  progress.hidden = page.share === undefined;
  progress.value = page.share ?? 0;
  lines.show(page.lines);
  showButtons(page.buttons);
  if (announcement.textContent !== page.announcement) announcement.textContent = page.announcement;
  showCharts(page);
  evaluations.show(page.evaluations);
  written.show(page.written);
  past.show(page.past);
});

// The editor names its theme in the class of the body.
new MutationObserver(() => {
  for (const view of views) view.redraw();
}).observe(document.body, { attributes: true, attributeFilter: ["class"] });

post({ kind: "ready" });

function showCharts(page: TrainingPage): void {
  while (views.length > page.charts.length) views.pop()?.root.remove();
  page.charts.forEach((chart, i) => {
    let view = views[i];
    if (!view) {
      view = new ChartView();
      views.push(view);
      charts.append(view.root);
    }
    view.show(chart);
  });
}

/** Keeps the focus where it is: Pause becomes Resume under the finger. */
function showButtons(shown: readonly PageButton[]): void {
  const focused = [...buttons.root.children].indexOf(document.activeElement as Element);
  buttons.show(shown);
  const next = buttons.root.children[focused];
  if (next instanceof HTMLElement) next.focus();
}

function buttonsOf(shown: readonly PageButton[]): HTMLButtonElement[] {
  return shown.map(({ action, label }, i) => {
    const button = element("button", { type: "button", class: i > 0 && "secondary" }, label);
    button.addEventListener("click", () => post({ kind: "act", action }));
    return button;
  });
}

/** A part that scrolls where it is too wide, by the keyboard too. */
function scrolled(content: HTMLElement, label: string): HTMLElement {
  return element("div", { class: "scrolled", tabindex: 0, role: "region", "aria-label": label }, content);
}
