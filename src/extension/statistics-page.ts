import { commands, type Disposable, EventEmitter, Uri, workspace } from "vscode";
import type { StatisticsParams } from "../server/protocol.ts";
import { languageName } from "./languages.ts";
import { type DayOfLanguage, pageOf, type StatisticsFolder, sentenceOf } from "./statistics.ts";

const scheme = "murmur-statistics";
const uri = Uri.from({ scheme, path: "/Statistics.md" });

/** What suggestions saved, as a sentence for the status and as a page. */
export class StatisticsPage implements Disposable {
  readonly #folder: StatisticsFolder;
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #provider: Disposable;
  #days: readonly DayOfLanguage[] = [];

  constructor(folder: StatisticsFolder) {
    this.#folder = folder;
    this.#provider = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: () => pageOf(this.#days, languageName),
    });
    void this.#update();
  }

  /** For the status; undefined if nothing was saved. */
  get sentence(): string | undefined {
    return sentenceOf(this.#days);
  }

  async add(saved: StatisticsParams): Promise<void> {
    await this.#folder.add(saved);
    await this.#update();
  }

  async reset(): Promise<void> {
    await this.#folder.reset();
    await this.#update();
  }

  async show(): Promise<void> {
    // Other windows have counted too.
    await this.#update();
    await commands.executeCommand("markdown.showPreview", uri);
  }

  async #update(): Promise<void> {
    this.#days = await this.#folder.read();
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}
