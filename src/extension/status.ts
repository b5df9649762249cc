import { type Disposable, MarkdownString, StatusBarAlignment, type StatusBarItem, ThemeColor, window } from "vscode";
import type { Status } from "../server/protocol.ts";

/** What the status bar item can show: the server's status, or that there is no server. */
export type ShownStatus = Status | { readonly state: "off" } | { readonly state: "starting" };

/** The status bar item. A click opens the menu of commands. */
export class StatusItem implements Disposable {
  readonly #item: StatusBarItem;

  constructor(command: string) {
    this.#item = window.createStatusBarItem("murmur.status", StatusBarAlignment.Right, 100);
    this.#item.name = "Murmur";
    this.#item.command = command;
    this.show({ state: "starting" });
    this.#item.show();
  }

  show(status: ShownStatus): void {
    const { icon, label, tooltip } = appearance(status);
    this.#item.text = `$(${icon}) ${label}`;
    this.#item.tooltip = new MarkdownString(`**Murmur**: ${tooltip}`);
    this.#item.backgroundColor =
      status.state === "failed" ? new ThemeColor("statusBarItem.warningBackground") : undefined;
    this.#item.accessibilityInformation = { label: `Murmur: ${tooltip}` };
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function appearance(status: ShownStatus): { readonly icon: string; readonly label: string; readonly tooltip: string } {
  switch (status.state) {
    case "starting":
      return { icon: "loading~spin", label: "Murmur", tooltip: "starting" };
    case "ready":
      return {
        icon: "pulse",
        label: "Murmur",
        tooltip: ["ready", status.model, status.memory].filter(Boolean).join("\n\n"),
      };
    case "training":
      return {
        icon: "sync~spin",
        label: `Murmur ${status.percent} %`,
        tooltip: `training, ${status.percent} %\n\n${status.detail}\n\n${status.model}`,
      };
    case "off":
      return { icon: "circle-slash", label: "Murmur", tooltip: "off: no model is loaded" };
    case "failed":
      return { icon: "warning", label: "Murmur", tooltip: `failed\n\n${status.message}` };
  }
}
