import { type Progress, ProgressLocation, window } from "vscode";
import { t } from "../l10n.ts";

/** The progress of a run, in a notification. Cancel closes the notification; it can be shown again. */
export class TrainingProgress {
  #progress: Progress<{ readonly increment?: number; readonly message?: string }> | undefined;
  #percent = 0;
  #line = "";
  /** The percentage that the notification shows. */
  #shown = 0;

  report(percent: number, line: string): void {
    this.#percent = percent;
    this.#line = line;
    this.#progress?.report({ increment: percent - this.#shown, message: line });
    this.#shown = percent;
  }

  /** Shows the notification until the run ends or the user presses Cancel. */
  async show(ended: Promise<"ended">): Promise<"ended" | "cancelled"> {
    return await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: t("Murmur is training (Cancel lets you keep the best model so far)"),
        cancellable: true,
      },
      async (progress, token) => {
        this.#progress = progress;
        this.#shown = 0;
        this.report(this.#percent, this.#line);
        const cancelled = new Promise<"cancelled">((resolve) => {
          token.onCancellationRequested(() => resolve("cancelled"));
        });
        return await Promise.race([ended, cancelled]);
      },
    );
  }
}
