import { formatNumber, t } from "../../l10n.ts";
import type { NextCharacter, NextCharacters } from "../../server/playground-protocol.ts";
import { element } from "../page.ts";
import { section } from "./controls.ts";
import { nameOf, percent } from "./wording.ts";

/** The temperatures that are shown beside the chosen one. */
const besides = [0, 0.5, 1, 2] as const;

/** The temperatures at which the distribution is wanted: the chosen one comes first. */
export function temperaturesWith(chosen: number): number[] {
  return [chosen, ...besides];
}

export interface NextView {
  readonly element: HTMLElement;
  show(next: NextCharacters, temperature: number): void;
}

/**
 * What may come next, as bars.
 * @param temperature the control that chooses the temperature
 * @param onForce is called with the text of a bar that is chosen
 */
export function createNextView(temperature: HTMLElement, onForce: (text: string) => void): NextView {
  const chosenHead = element("th", { scope: "col", class: "number" });
  const heads = besides.map((one) => element("th", { scope: "col", class: "number" }, `T = ${formatNumber(one)}`));
  const body = element("tbody");
  /** They stay where they are, so that the focus does. */
  const rows: Row[] = [];
  return {
    element: section(
      t("What comes next"),
      element(
        "p",
        { class: "muted" },
        t(
          "Each bar is a probability. A low temperature sharpens the distribution, a high one flattens it. Choose a bar to append its character.",
        ),
      ),
      temperature,
      element(
        "table",
        { class: "next", "aria-label": t("Probabilities of what comes next") },
        element("thead", {}, element("tr", {}, element("th", { scope: "col" }, t("Next")), chosenHead, ...heads)),
        body,
      ),
    ),
    show: ({ characters, others }, temperature) => {
      chosenHead.textContent = `T = ${formatNumber(temperature)}`;
      while (rows.length <= characters.length) {
        const row = createRow(onForce);
        rows.push(row);
        body.append(row.element);
      }
      for (const [i, { element, show }] of rows.entries()) {
        const character = characters[i];
        element.hidden = i > characters.length;
        if (character) show(nameOf(character), character.probabilities, character);
        else if (i === characters.length) show(t("all others"), others);
      }
    },
  };
}

interface Row {
  readonly element: HTMLTableRowElement;
  /** @param character that can be forced, if it is one that can be written */
  show(name: string, probabilities: readonly number[], character?: NextCharacter): void;
}

function createRow(onForce: (text: string) => void): Row {
  let force: string | undefined;
  const choose = (): void => {
    if (force !== undefined) onForce(force);
  };
  const name = element("span");
  const choice = element("button", { type: "button", class: "force code" });
  const label = element("th", { scope: "row" });
  const cells = ["chosen", ...besides].map(() => {
    const bar = element("span", { class: "bar", "aria-hidden": true });
    const number = element("span");
    return { bar, number, element: element("td", { class: "number" }, bar, number) };
  });
  const row = element("tr", {}, label, ...cells.map((cell) => cell.element));
  // The whole row can be clicked; keys act on the button in it.
  row.addEventListener("click", choose);
  return {
    element: row,
    show: (text, probabilities, character) => {
      force = character && character.kind === undefined ? character.text : undefined;
      const isForced = force !== undefined;
      row.classList.toggle("choice", isForced);
      choice.textContent = text;
      choice.setAttribute("aria-label", t("Append {0}, {1}", text, percent(probabilities[0] ?? 0)));
      name.textContent = text;
      const shown = isForced ? choice : name;
      if (label.firstChild !== shown) label.replaceChildren(shown);
      cells.forEach(({ bar, number }, i) => {
        const probability = probabilities[i] ?? 0;
        // A gap remains before the next column.
        bar.style.width = `calc(${probability} * (100% - 6px))`;
        number.textContent = percent(probability);
      });
    },
  };
}
