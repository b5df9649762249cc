import type { LogOutputChannel, Memento } from "vscode";
import type { ServerProcess } from "./client.ts";
import type { MarkdownPages } from "./markdown-page.ts";
import type { Playground } from "./playground.ts";
import type { Presence } from "./presence.ts";
import type { SameEdits } from "./same-edit.ts";
import type { Snooze } from "./snooze.ts";
import type { StatisticsPage } from "./statistics-page.ts";
import type { TrainingView } from "./training-view.ts";

/** What the commands act on. */
export interface CommandContext {
  readonly log: LogOutputChannel;
  /** What is kept of the window's workspace. */
  readonly memory: Memento;
  /** The server; undefined while completions are off. */
  readonly server: () => ServerProcess | undefined;
  readonly snooze: Snooze;
  readonly statistics: StatisticsPage;
  readonly sameEdits: SameEdits;
  readonly trainingView: TrainingView;
  readonly playground: Playground;
  readonly pages: MarkdownPages;
  /** What Murmur does at the moment. */
  readonly presence: () => Presence;
  /** The extension's own id. */
  readonly extensionId: string;
}
