import { formatNumber, t } from "../../l10n.ts";
import type {
  FoundUnit,
  PlaygroundModel,
  PlaygroundReading,
  PlaygroundText,
  TextProperty,
} from "../../server/playground-protocol.ts";
import { element } from "../page.ts";
import { button, createProblem, labelled, numberIn, section } from "./controls.ts";
import type { Ask } from "./requests.ts";
import { createStrip, legend } from "./strip.ts";
import { activationClass, nameOf, signed } from "./wording.ts";

function propertyNames(): Readonly<Record<TextProperty, string>> {
  return {
    quotes: t("inside quotes"),
    brackets: t("depth of brackets"),
    comments: t("inside comments"),
    indentation: t("indentation of the line"),
    column: t("place in the line"),
    "line-end": t("end of the line comes next"),
  };
}

export interface UnitsView {
  readonly element: HTMLElement;
  /** Takes another model, whose units are others. */
  use(model: PlaygroundModel): void;
  /** Shows the unit over the text that was read. */
  show(reading: PlaygroundReading, signal: AbortSignal): Promise<void>;
}

/** Hidden units over the text (after Karpathy, "The Unreasonable Effectiveness of Recurrent Neural Networks"). */
export function createUnitsView(ask: Ask, prompt: () => PlaygroundText): UnitsView {
  const layer = element("select");
  const unit = element("input", { type: "number", min: 1, value: 1 });
  const property = element(
    "select",
    {},
    ...Object.entries(propertyNames()).map(([value, text]) => element("option", { value }, text)),
  );
  const results = element("ul", { class: "found" });
  const problem = createProblem();
  const detail = element("p", { class: "muted" });
  let reading: PlaygroundReading | undefined;
  let values: readonly number[] = [];
  /** Whether a unit was chosen, by the user or by a search. */
  let isChosen = false;
  let asking = new AbortController();

  const strip = createStrip(
    "unit",
    t("The text, coloured by the hidden unit. Arrow keys move from character to character."),
    (index) => {
      const piece = reading?.pieces[index ?? -1];
      detail.textContent = piece
        ? t("After {0} the unit is {1}.", nameOf(piece), signed(values[index ?? 0] ?? 0))
        : t("Point at a character, or move to it with the arrow keys, to see the unit’s value.");
    },
  );
  const showUnit = async (signal: AbortSignal): Promise<void> => {
    const chosen = { layer: Number(layer.value), unit: (numberIn(unit) ?? 1) - 1 };
    const answer = await ask("activations", { ...prompt(), ...chosen }, signal);
    problem.show("problem" in answer ? answer.problem : undefined);
    values = "result" in answer ? answer.result : [];
    const pieces = reading?.pieces ?? [];
    // The text may have changed since; what is read next is shown soon.
    if (values.length !== pieces.length) return;
    strip.show(
      pieces.map((piece, i) => ({
        text: piece.text,
        className: activationClass(values[i] ?? 0),
        label: `${nameOf(piece)}, ${signed(values[i] ?? 0)}`,
      })),
    );
  };
  const again = (): AbortSignal => {
    asking.abort();
    asking = new AbortController();
    return asking.signal;
  };
  const choose = async (found: Pick<FoundUnit, "layer" | "unit">, signal: AbortSignal): Promise<void> => {
    isChosen = true;
    layer.value = String(found.layer);
    unit.value = String(found.unit + 1);
    for (const one of results.querySelectorAll("button"))
      one.setAttribute("aria-pressed", String(one.value === `${found.layer} ${found.unit}`));
    await showUnit(signal);
  };
  /** @returns whether there was anything to find */
  const find = async (signal: AbortSignal): Promise<boolean> => {
    const answer = await ask("findUnits", { ...prompt(), property: property.value as TextProperty }, signal);
    problem.show("problem" in answer ? answer.problem : undefined);
    const found = "result" in answer ? answer.result : [];
    results.replaceChildren(
      ...found.map((one) =>
        element(
          "li",
          {},
          resultOf(one, () => void choose(one, again())),
        ),
      ),
    );
    const [best] = found;
    if (best) await choose(best, signal);
    return best !== undefined;
  };
  const findButton = button(t("Find Units"), () => void find(again()));
  for (const field of [layer, unit])
    field.addEventListener(
      "change",
      () => void choose({ layer: Number(layer.value), unit: (numberIn(unit) ?? 1) - 1 }, again()),
    );

  return {
    element: section(
      t("Hidden units"),
      element(
        "p",
        { class: "muted" },
        t(
          "What the network knows of the text so far is in its hidden units, each between −1 and 1. Some of them follow something that a person has a name for.",
        ),
      ),
      element("div", { class: "controls" }, labelled(t("Find units that follow"), property), findButton),
      results,
      element("div", { class: "controls" }, labelled(t("Layer"), layer), labelled(t("Unit"), unit)),
      problem.element,
      legend(
        t("Value"),
        [-1, -0.5, 0, 0.5, 1].map((value) => ({
          className: activationClass(value),
          label: formatNumber(value).replace("-", "−"),
        })),
      ),
      strip.element,
      detail,
    ),
    use: ({ layers, hidden }) => {
      isChosen = false;
      results.replaceChildren();
      layer.replaceChildren(
        ...Array.from({ length: layers }, (_, i) => element("option", { value: i }, String(i + 1))),
      );
      unit.max = String(hidden);
      unit.value = "1";
    },
    show: async (shown, signal) => {
      reading = shown;
      // A unit that follows something is a better beginning than the first one.
      if (isChosen || shown.pieces.length === 0 || !(await find(signal))) await showUnit(signal);
    },
  };
}

function resultOf({ layer, unit, correlation }: FoundUnit, onClick: () => void): HTMLButtonElement {
  const text = t("Layer {0}, unit {1}: r = {2}", layer + 1, unit + 1, signed(correlation));
  const created = button(text, onClick, "secondary");
  created.value = `${layer} ${unit}`;
  created.setAttribute("aria-pressed", "false");
  return created;
}
