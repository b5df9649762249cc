import { commands, type Disposable, type Uri, type WebviewPanel, window } from "vscode";
import { t } from "../l10n.ts";
import type { FromTrainingPage, TrainingAction, TrainingPage } from "../pages/training/messages.ts";
import type { TrainingView as View } from "../server/training-protocol.ts";
import type { ServerProcess } from "./client.ts";
import { setEnabled } from "./config.ts";
import { PagePanel, restorePage } from "./page-panel.ts";
import type { Presence } from "./presence.ts";
import { trainingPage } from "./training-page.ts";

export interface TrainingViewOptions {
  readonly extensionUri: Uri;
  /** The server; undefined while completions are off. */
  readonly server: () => ServerProcess | undefined;
  readonly presence: () => Presence;
}

const page = "training";

/** The page that shows training. The server is asked about it only while the page is open. */
export class TrainingView implements Disposable {
  readonly #options: TrainingViewOptions;
  readonly #restoring: Disposable;
  #panel: PagePanel<TrainingPage, FromTrainingPage> | undefined;
  #view: View = { past: [] };
  /** What the page shows, as JSON. */
  #posted = "";

  constructor(options: TrainingViewOptions) {
    this.#options = options;
    this.#restoring = restorePage(
      page,
      () => this.#panel !== undefined,
      (panel) => this.#open(panel),
    );
  }

  show(): void {
    if (this.#panel) this.#panel.reveal();
    else this.#open();
  }

  #open(restored?: WebviewPanel): void {
    const { extensionUri, server } = this.#options;
    const panel = new PagePanel<TrainingPage, FromTrainingPage>({
      name: page,
      title: t("Murmur: Training"),
      extensionUri,
      restored,
    });
    this.#panel = panel;
    panel.onMessage((message) => {
      if (message.kind === "act") void this.#act(message.action);
      else {
        this.#posted = "";
        this.refresh();
      }
    });
    panel.onDidClose(() => {
      this.#panel = undefined;
      panel.dispose();
      // A server that has ended meanwhile has nothing to show.
      server()
        ?.watchTraining(false)
        .catch(() => undefined);
    });
    const running = server();
    if (running) void this.follow(running);
  }

  /** Asks a server that has just started, if the page is open. */
  async follow(server: ServerProcess): Promise<void> {
    if (!this.#panel) return;
    // If it ends before it answers, the next one is asked.
    const view = await server.watchTraining(true).catch(() => undefined);
    if (view) this.take(view);
  }

  /** There is something new to see. */
  readonly take = (view: View): void => {
    this.#view = view;
    this.refresh();
  };

  /** Shows what Murmur does now, if that has changed. */
  refresh(): void {
    if (!this.#panel) return;
    const shown = trainingPage(this.#view, this.#options.presence());
    const json = JSON.stringify(shown);
    if (json === this.#posted) return;
    this.#posted = json;
    this.#panel.post(shown);
  }

  async #act(action: TrainingAction): Promise<void> {
    const server = this.#options.server();
    switch (action) {
      case "train":
        return await commands.executeCommand("murmur.train");
      case "stop":
        return await server?.stopTraining();
      case "pause":
      case "resume":
        return await server?.pauseTraining(action === "pause");
      case "cancel":
        return (await isSure()) ? await server?.cancelTraining() : undefined;
      case "showLog":
        return await commands.executeCommand("murmur.showLog");
      case "turnOn":
        return await setEnabled(true);
      case "trust":
        return await commands.executeCommand("workbench.trust.manage");
      case "openFolder":
        return await commands.executeCommand("vscode.openFolder");
    }
  }

  dispose(): void {
    this.#restoring.dispose();
    this.#panel?.dispose();
  }
}

async function isSure(): Promise<boolean> {
  const discard = t("Discard Run");
  const detail = t("What this run has learned is lost. The model in use stays as it is.");
  const answer = await window.showWarningMessage(t("Discard this training run?"), { modal: true, detail }, discard);
  return answer === discard;
}
