import { type Progress, ProgressLocation, window } from "vscode";

/** The progress of a run, in a notification that can be shown again after its Cancel, which closes it. */
export class TrainingProgress {
  #progress: Progress<{ readonly increment?: number; readonly message?: string }> | undefined;
  #percent = 0;
  #line = "";
  /** Percent that the notification shows. */
  #shown = 0;

  report(percent: number, line: string): void {
    this.#percent = percent;
    this.#line = line;
    this.#progress?.report({ increment: percent - this.#shown, message: line });
    this.#shown = percent;
  }

  /** Shows it until the run has ended, or Cancel is pressed. */
  async show(ended: Promise<"ended">): Promise<"ended" | "cancelled"> {
    return await window.withProgress(
      {
        location: ProgressLocation.Notification,
        title: "Murmur is training (Cancel offers to keep the best so far)",
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
