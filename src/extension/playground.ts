import { CancellationTokenSource, type Disposable, type LogOutputChannel, type Uri, window } from "vscode";
import { t } from "../l10n.ts";
import type { FromPage, PageCalls, ToPage } from "../pages/playground/messages.ts";
import type { PlaygroundAnswer } from "../server/playground-protocol.ts";
import type { ServerProcess } from "./client.ts";
import { offerToTurnOn } from "./offers.ts";
import { PagePanel } from "./page-panel.ts";

/** The page that shows how a model reads and writes. It is open once at most. */
export class Playground implements Disposable {
  readonly #extensionUri: Uri;
  readonly #server: () => ServerProcess | undefined;
  readonly #log: LogOutputChannel;
  #page: PagePanel<ToPage, FromPage> | undefined;
  /** By the ids of the page's requests that have no answer yet. */
  readonly #running = new Map<number, CancellationTokenSource>();

  constructor(extensionUri: Uri, server: () => ServerProcess | undefined, log: LogOutputChannel) {
    this.#extensionUri = extensionUri;
    this.#server = server;
    this.#log = log;
  }

  async open(): Promise<void> {
    if (this.#page) return this.#page.reveal();
    if (!this.#server()) return await offerToTurnOn(t("Murmur is off. Turn it on to open the playground."));
    const page = new PagePanel<ToPage, FromPage>({
      name: "playground",
      title: t("Murmur: Playground"),
      extensionUri: this.#extensionUri,
    });
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
    const server = this.#server();
    if (!server) return { problem: t("Murmur is off. Turn it on, then choose the model again."), isUnloaded: true };
    try {
      return await server.playground(name, params, token);
    } catch (error) {
      if (!token.isCancellationRequested) this.#log.warn(`The playground's request ${name} failed: ${String(error)}`);
      return { problem: t("Murmur could not answer. Choose the model again."), isUnloaded: true };
    }
  }

  /** The model is released in the server. */
  #close(page: PagePanel<ToPage, FromPage>): void {
    this.#page = undefined;
    page.dispose();
    for (const source of this.#running.values()) source.cancel();
    // A server that has ended has released it already.
    void this.#server()
      ?.playground("close", {})
      .catch(() => undefined);
  }

  dispose(): void {
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
