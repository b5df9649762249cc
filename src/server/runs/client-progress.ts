import type { Connection, ProgressToken, WorkDoneProgressReporter } from "vscode-languageserver";

/**
 * The client's display of some work's progress. The work never waits for it: a client may refuse to create a display, take its time, or
 * never answer. Until there is one, only the latest report is kept.
 */
export class ClientProgress {
  readonly #title: string;
  #display: WorkDoneProgressReporter | undefined;
  #last: readonly [percent: number, line: string];
  #isDone = false;

  /**
   * @param token the client's own display; without it, the client is asked to create one
   * @param cancel called if the user cancels the work there
   */
  constructor(
    { window }: Pick<Connection, "window">,
    {
      title,
      line,
      token,
    }: { readonly title: string; readonly line: string; readonly token?: ProgressToken | undefined },
    cancel: () => void,
  ) {
    this.#title = title;
    this.#last = [0, line];
    if (token !== undefined) this.#begin(window.attachWorkDoneProgress(token));
    else {
      window.createWorkDoneProgress().then(
        (display) => {
          display.token.onCancellationRequested(cancel);
          this.#begin(display);
        },
        () => undefined,
      );
    }
  }

  report(percent: number, line: string): void {
    this.#last = [percent, line];
    this.#display?.report(percent, line);
  }

  /** Ends the display. */
  done(): void {
    this.#isDone = true;
    this.#display?.done();
  }

  #begin(display: WorkDoneProgressReporter): void {
    const [percent, line] = this.#last;
    this.#display = display;
    display.begin(this.#title, percent, line, true);
    if (this.#isDone) display.done();
  }
}
