import { formatNumber, t } from "../../l10n.ts";
import type { Likely, PlaygroundModel, PlaygroundReading } from "../../server/playground-protocol.ts";
import { element } from "../page.ts";
import { button, section } from "./controls.ts";
import { createStrip, legend } from "./strip.ts";
import { bitsOf, legendOfLevels, levelOf, nameOf, percent } from "./wording.ts";

/** How many labels of a classifier are shown. */
const mostLabels = 8;

/** Milliseconds for each character while the page shows how a text is read. */
const pace = 45;

export interface ReadingView {
  readonly element: HTMLElement;
  show(reading: PlaygroundReading, model: PlaygroundModel): void;
}

/** The text as it was read: each character shaded by its probability. */
export function createReadingView(): ReadingView {
  let reading: PlaygroundReading | undefined;
  let isClassifier = false;
  let timer: number | undefined;
  const summary = element("p", { role: "status" });
  const notes = element("p", { class: "muted" });
  const detail = element("div", { class: "detail" });
  const labels = element("div");
  const strip = createStrip(
    "read",
    t("The text as it was read. Arrow keys move from character to character."),
    (index) => {
      const piece = reading?.pieces[index ?? -1];
      if (!piece) {
        detail.replaceChildren(element("p", { class: "muted" }, howToLook()));
        return;
      }
      const { probability } = piece;
      const sentence = isClassifier
        ? t("After {0}: {1} for the label in the end. Likeliest here:", nameOf(piece), percent(probability))
        : t(
            "{0} had a probability of {1} ({2}). Likeliest were:",
            nameOf(piece),
            percent(probability),
            bitsOf(probability),
          );
      detail.replaceChildren(element("p", {}, sentence), listOf(piece.likeliest, isClassifier));
    },
  );
  const watch = button(t("Watch It Read"), () => (timer === undefined ? start() : stop()));
  watch.classList.add("secondary");

  const stop = (): void => {
    window.clearInterval(timer);
    timer = undefined;
    watch.textContent = t("Watch It Read");
    if (reading && reading.pieces.length > 0) strip.look(reading.pieces.length - 1);
  };
  const start = (): void => {
    let at = 0;
    watch.textContent = t("Stop");
    timer = window.setInterval(() => {
      if (at < (reading?.pieces.length ?? 0)) strip.look(at++, true);
      else stop();
    }, pace);
  };

  return {
    element: section(
      t("How it reads"),
      summary,
      labels,
      notes,
      element("div", { class: "controls" }, watch),
      legend(t("Probability"), legendOfLevels()),
      strip.element,
      detail,
    ),
    show: (shown, model) => {
      if (timer !== undefined) stop();
      reading = shown;
      isClassifier = model.task === "many-to-one";
      summary.textContent = summaryOf(shown, model);
      notes.textContent = notesOn(shown, model).join(" ");
      notes.hidden = notes.textContent === "";
      watch.hidden = shown.pieces.length === 0;
      labels.replaceChildren(listOf(shown.labels?.slice(0, mostLabels) ?? [], true));
      strip.show(
        shown.pieces.map((piece) => ({
          text: piece.text,
          className: levelOf(piece.probability),
          label: `${nameOf(piece)}, ${percent(piece.probability)}`,
        })),
      );
    },
  };
}

function howToLook(): string {
  return t("Point at a character, or move to it with the arrow keys, to see what the model expected there.");
}

/** @param areLabels whether these are labels of a classifier, and not characters */
function listOf(likely: readonly Likely[], areLabels: boolean): HTMLOListElement {
  const items = likely.map((one) => {
    const bar = element("span", { class: "bar", "aria-hidden": true });
    bar.style.width = `${one.probability * 100}%`;
    const name = areLabels ? one.text : nameOf(one);
    return element("li", {}, element("span", {}, name), element("span", {}, percent(one.probability)), bar);
  });
  return element("ol", { class: "likely" }, ...items);
}

function summaryOf({ labels, bitsPerChar, perplexity }: PlaygroundReading, { tokenizer }: PlaygroundModel): string {
  const [label] = labels ?? [];
  if (label) return t("The text is {0}, with a probability of {1}.", label.text, percent(label.probability));
  if (bitsPerChar === undefined || perplexity === undefined)
    return t("The prompt is empty: the model stands at the beginning of a text.");
  const figures = [formatNumber(bitsPerChar, 2), formatNumber(perplexity, 2), formatNumber(perplexity, 1)];
  return tokenizer === "word"
    ? t(
        "{0} bits per character; perplexity {1}: on average as unsure as between {2} equally likely choices for each word.",
        ...figures,
      )
    : t(
        "{0} bits per character; perplexity {1}: on average as unsure as between {2} equally likely choices for each character.",
        ...figures,
      );
}

function notesOn({ leftOut, unknown }: PlaygroundReading, { longest }: PlaygroundModel): string[] {
  const notes: string[] = [];
  if (leftOut > 0)
    notes.push(
      t(
        "The prompt is longer than {0} characters, so its first {1} are left out.",
        formatNumber(longest),
        formatNumber(leftOut),
      ),
    );
  if (unknown.length > 0)
    notes.push(
      t(
        "The model does not know {0} and reads an unknown character instead.",
        unknown.map((one) => nameOf({ text: one })).join(", "),
      ),
    );
  return notes;
}
