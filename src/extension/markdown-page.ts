import { commands, type Disposable, EventEmitter, Uri, workspace } from "vscode";
import { t } from "../l10n.ts";

const scheme = "murmur-page";

/** Pages that commands show, in Markdown. Each has a name, and the latest text by that name. */
export class MarkdownPages implements Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new EventEmitter<Uri>();
  readonly #provider: Disposable;

  constructor() {
    this.#provider = workspace.registerTextDocumentContentProvider(scheme, {
      onDidChange: this.#changed.event,
      // A page that was left open when the window was closed has no text any more.
      provideTextDocumentContent: ({ path }) =>
        this.#texts.get(path) ?? `${t("Run the command again to see this page.")}\n`,
    });
  }

  /** Shows a page. @param name of the page, as its tab shows it */
  async show(name: string, text: string): Promise<void> {
    const uri = Uri.from({ scheme, path: `/${name}.md` });
    this.#texts.set(uri.path, text);
    this.#changed.fire(uri);
    await commands.executeCommand("markdown.showPreview", uri);
  }

  dispose(): void {
    this.#provider.dispose();
    this.#changed.dispose();
  }
}
