import {
  CancellationTokenSource,
  type Disposable,
  type LogOutputChannel,
  type Uri,
  type WebviewPanel,
  window,
} from "vscode";
import { t } from "../l10n.ts";
import type { FromPage, PageCalls, ToPage } from "../pages/playground/messages.ts";
import type { PlaygroundAnswer } from "../server/playground-protocol.ts";
import type { ServerProcess } from "./client.ts";
import { offerToTurnOn } from "./offers.ts";
import { PagePanel, restorePage } from "./page-panel.ts";

const name = "playground";

export interface PlaygroundOptions {
  readonly extensionUri: Uri;
  readonly server: () => ServerProcess | undefined;
  /** The server, once it is not about to be started or ended. A page that comes back is there before it. */
  readonly settledServer: () => Promise<ServerProcess | undefined>;
  readonly log: LogOutputChannel;
}

/** The page that shows how a model reads and writes. It is open once at most. */
export class Playground implements Disposable {
  readonly #options: PlaygroundOptions;
  readonly #restoring: Disposable;
  #page: PagePanel<ToPage, FromPage> | undefined;
  /** By the ids of the page's requests that have no answer yet. */
  readonly #running = new Map<number, CancellationTokenSource>();

  constructor(options: PlaygroundOptions) {
    this.#options = options;
    this.#restoring = restorePage(
      name,
      () => this.#page !== undefined,
      (panel) => this.#open(panel),
    );
  }

  async open(): Promise<void> {
    if (this.#page) return this.#page.reveal();
    if (!this.#options.server()) return await offerToTurnOn(t("Murmur is off. Turn it on to open the playground."));
    this.#open();
  }

  #open(restored?: WebviewPanel): void {
    const { extensionUri } = this.#options;
    const page = new PagePanel<ToPage, FromPage>({ name, title: t("Murmur: Playground"), extensionUri, restored });
    this.#page = page;
    page.onMessage((message) => {
      if ("cancel" in message) this.#running.get(message.cancel)?.cancel();
      else void this.#answer(page, message);
    });
    page.onDidClose(() => this.#close(page));
  }

  async #answer(page: PagePanel<ToPage, FromPage>, { id, name, params }: Exclude<FromPage, { cancel: number }>) {
    const source = new CancellationTokenSource();
    this.#running.set(id, source);
    try {
      const answer = name === "pickFile" ? await pickFile() : await this.#ask(name, params, source);
      if (this.#page === page && !source.token.isCancellationRequested) page.post({ id, answer });
    } finally {
      this.#running.delete(id);
      source.dispose();
    }
  }

  async #ask(
    name: Exclude<keyof PageCalls, "pickFile">,
    params: object,
    { token }: CancellationTokenSource,
  ): Promise<PlaygroundAnswer<unknown>> {
    const server = await this.#options.settledServer();
    if (!server) return { problem: t("Murmur is off. Turn it on, then choose the model again."), isUnloaded: true };
    try {
      return await server.playground(name, params, token);
    } catch (error) {
      if (!token.isCancellationRequested)
        this.#options.log.warn(`The playground's request ${name} failed: ${String(error)}`);
      return { problem: t("Murmur could not answer. Choose the model again."), isUnloaded: true };
    }
  }

  /** The model is released in the server. */
  #close(page: PagePanel<ToPage, FromPage>): void {
    this.#page = undefined;
    page.dispose();
    for (const source of this.#running.values()) source.cancel();
    // A server that has ended has released it already.
    void this.#options
      .server()
      ?.playground("close", {})
      .catch(() => undefined);
  }

  dispose(): void {
    this.#restoring.dispose();
    this.#page?.dispose();
  }
}

async function pickFile(): Promise<PlaygroundAnswer<PageCalls["pickFile"]["result"]>> {
  const [file] =
    (await window.showOpenDialog({
      title: t("Murmur: Open Model File"),
      openLabel: t("Open"),
      filters: { [t("Murmur models")]: ["onnx"], [t("All files")]: ["*"] },
    })) ?? [];
  return { result: file ? { uri: file.toString(), name: file.path.split("/").at(-1) ?? "" } : null };
}
