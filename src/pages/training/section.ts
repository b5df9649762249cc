import { element } from "../page.ts";
import type { Table } from "./messages.ts";

/** A part of the page that is made anew when what it shows has changed, and is hidden while there is nothing to show. */
export class Section<Content> {
  readonly root: HTMLElement;
  readonly #make: (content: Content) => readonly Node[];
  #shown = "";

  constructor(root: HTMLElement, make: (content: Content) => readonly Node[]) {
    this.root = root;
    this.#make = make;
    this.root.hidden = true;
  }

  show(content: Content | undefined): void {
    const json = JSON.stringify(content) ?? "";
    if (json === this.#shown) return;
    this.#shown = json;
    this.root.hidden = content === undefined;
    if (content !== undefined) this.root.replaceChildren(...this.#make(content));
  }
}

/** A table. The first cell of each row is its heading. @param textClass of the other cells */
export function tableOf({ head, rows }: Table, textClass?: string): HTMLTableElement {
  const headings = head.map((text) => element("th", { scope: "col" }, text));
  const body = rows.map(([first = "", ...others]) =>
    element(
      "tr",
      {},
      element("th", { scope: "row" }, first),
      ...others.map((text) => element("td", { class: textClass }, text)),
    ),
  );
  return element("table", {}, element("thead", {}, element("tr", {}, ...headings)), element("tbody", {}, ...body));
}
