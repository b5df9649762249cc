import { commands, type Disposable, EventEmitter, Uri, workspace } from "vscode";
import type { SavedParams } from "../server/protocol.ts";
import { languageName } from "./languages.ts";
import { pageOf, type SavingsFile, sentenceOf } from "./savings.ts";

const scheme = "murmur-savings";
const uri = Uri.from({ scheme, path: "/What Murmur Saved.md" });

/** What suggestions saved: counted in a file, as a sentence for the status, and as a page. */
export class SavingsPage implements Disposable {
  readonly #file: SavingsFile;
  readonly #changed = new EventEmitter<Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #provider: Disposable;
  /** For the status; undefined if nothing was counted. */
  sentence: string | undefined;

  constructor(file: SavingsFile) {
    this.#file = file;
    this.#provider = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      provideTextDocumentContent: async () => pageOf(await this.#file.read(), languageName),
    });
    void this.#update();
  }

  async add(saved: SavedParams): Promise<void> {
    await this.#file.add(saved);
    await this.#update();
  }

  async reset(): Promise<void> {
    await this.#file.reset();
    await this.#update();
  }

  async show(): Promise<void> {
    this.#changed.fire(uri);
    await commands.executeCommand("markdown.showPreview", uri);
  }

  async #update(): Promise<void> {
    this.sentence = sentenceOf(await this.#file.read());
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}
