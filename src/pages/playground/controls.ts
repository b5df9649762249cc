import { element } from "../page.ts";

/** A control with its label. */
export function labelled(text: string, control: HTMLElement, ...after: readonly HTMLElement[]): HTMLElement {
  return element("label", { class: "labelled" }, text, control, ...after);
}

export function button(text: string, onClick: () => void, className = ""): HTMLButtonElement {
  const created = element("button", { type: "button", class: className }, text);
  created.addEventListener("click", onClick);
  return created;
}

/** A part of the page, with a heading. */
export function section(title: string, ...children: readonly (Node | string)[]): HTMLElement {
  return element("section", {}, element("h2", {}, title), ...children);
}

/** The number in a field; undefined if it is empty or is none. */
export function numberIn(field: HTMLInputElement): number | undefined {
  return field.value.trim() === "" || Number.isNaN(field.valueAsNumber) ? undefined : field.valueAsNumber;
}

/** A sentence about something that was wrong; hidden while it is empty. */
export function createProblem(): { readonly element: HTMLElement; show(problem: string | undefined): void } {
  const shown = element("p", { class: "error", role: "alert", hidden: true });
  return {
    element: shown,
    show: (problem) => {
      shown.hidden = problem === undefined;
      shown.textContent = problem ?? "";
    },
  };
}
