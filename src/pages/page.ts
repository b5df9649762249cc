/** What VS Code gives a page. */
interface Api {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): Api;

/** The other side of a page's {@link PagePanel}. */
export interface Connection<ToPage, FromPage, State> {
  readonly post: (message: FromPage) => void;
  readonly onMessage: (listener: (message: ToPage) => void) => void;
  /** What the page kept before the window was reloaded; undefined if it is new. */
  readonly kept: State | undefined;
  /** Keeps something for when the page comes back. */
  readonly keep: (state: State) => void;
}

/** Connects the page with the extension. It can be done once. */
export function connect<ToPage, FromPage, State = never>(): Connection<ToPage, FromPage, State> {
  const api = acquireVsCodeApi();
  return {
    post: (message) => api.postMessage(message),
    onMessage: (listener) => {
      window.addEventListener("message", (event: MessageEvent<ToPage>) => listener(event.data));
    },
    kept: api.getState() as State | undefined,
    keep: (state) => api.setState(state),
  };
}

type Attributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Creates an element. Text is never taken for HTML.
 * @param attributes true: present without a value; false and undefined: absent
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: readonly (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) created.setAttribute(key, value === true ? "" : String(value));
  }
  created.append(...children);
  return created;
}

/** The element that holds the page. */
export function pageElement(): HTMLElement {
  const found = document.getElementById("page");
  if (!found) throw new Error("the page has no element to fill");
  return found;
}
