import { element } from "../page.ts";

interface StripItem {
  readonly text: string;
  /** By which it is coloured. */
  readonly className: string;
  /** What is said of it. */
  readonly label: string;
}

/** A text whose characters can be looked at one by one, with the mouse or with the arrow keys. */
export interface Strip {
  readonly element: HTMLElement;
  show(items: readonly StripItem[]): void;
  /** Looks at a character. @param isLast whether those after it are shown as not yet read */
  look(index: number, isLast?: boolean): void;
}

/**
 * @param name tells it from others on the page
 * @param onLook is called with the index of the character that is looked at; undefined: none
 */
export function createStrip(name: string, label: string, onLook: (index: number | undefined) => void): Strip {
  const list = element("div", { class: "strip code", role: "listbox", tabindex: 0, "aria-label": label });
  let current: number | undefined;

  const optionAt = (index: number | undefined): Element | undefined => list.children[index ?? -1];
  const indexOf = (target: EventTarget | null): number | undefined => {
    const option = target instanceof Element ? target.closest("[role=option]") : null;
    return option ? Number(option.id.slice(name.length + 1)) : undefined;
  };
  const choose = (index: number | undefined): void => {
    const former = optionAt(current);
    former?.setAttribute("aria-selected", "false");
    current = index;
    const option = optionAt(index);
    option?.setAttribute("aria-selected", "true");
    if (option) list.setAttribute("aria-activedescendant", option.id);
    else list.removeAttribute("aria-activedescendant");
    onLook(option ? index : undefined);
  };
  const lookAt = (index: number): void => {
    choose(Math.max(0, Math.min(list.children.length - 1, index)));
    optionAt(current)?.scrollIntoView({ block: "nearest" });
  };

  list.addEventListener("mouseover", ({ target }) => {
    const index = indexOf(target);
    if (index !== undefined && index !== current) choose(index);
  });
  list.addEventListener("focus", () => {
    if (current === undefined && list.children.length > 0) lookAt(0);
  });
  list.addEventListener("keydown", (event) => {
    const at = current ?? -1;
    const goal = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + 10,
      ArrowUp: at - 10,
      Home: 0,
      End: Infinity,
    };
    if (!(event.key in goal)) return;
    event.preventDefault();
    lookAt(goal[event.key as keyof typeof goal]);
  });

  return {
    element: list,
    show: (items) => {
      const options = items.map(({ text, className, label }, i) =>
        element(
          "span",
          { role: "option", id: `${name}-${i}`, class: className, "aria-label": label, "aria-selected": false },
          text.replaceAll("\n", "⏎\n"),
        ),
      );
      list.replaceChildren(...options);
      choose(current !== undefined && current < items.length ? current : undefined);
    },
    look: (index, isLast = false) => {
      for (const [i, option] of [...list.children].entries()) option.classList.toggle("unread", isLast && i > index);
      lookAt(index);
    },
  };
}

/** What the colours of a text stand for. */
export function legend(title: string, entries: readonly { readonly className: string; readonly label: string }[]) {
  const shown = entries.map(({ className, label }) =>
    element("li", {}, element("span", { class: `swatch ${className}`, "aria-hidden": true }), label),
  );
  return element("div", { class: "legend muted" }, title, element("ul", {}, ...shown));
}
