import { randomBytes } from "node:crypto";
import { type Disposable, EventEmitter, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import { currentLanguage } from "../l10n.ts";

export interface PageOptions {
  /** The page's script and style in dist/pages/, without their extensions; also its view type, after "murmur.". */
  readonly name: string;
  readonly title: string;
  readonly extensionUri: Uri;
  /** Where the page was when the window was closed, if it comes back; otherwise a new tab is opened. */
  readonly restored?: WebviewPanel | undefined;
}

/**
 * Lets a page come back when the window is reloaded. The editor restores a tab when it is first shown.
 * @param isOpen whether the page was opened anew meanwhile: it is not needed twice
 * @param restore shows the page in the tab that it had
 */
export function restorePage(name: string, isOpen: () => boolean, restore: (panel: WebviewPanel) => void): Disposable {
  return window.registerWebviewPanelSerializer(viewType(name), {
    deserializeWebviewPanel: async (panel) => (isOpen() ? panel.dispose() : restore(panel)),
  });
}

function viewType(name: string): string {
  return `murmur.${name}`;
}

/**
 * A page of Murmur's own in an editor tab: a script and a style, which load nothing else. Its messages are those of src/pages. While the
 * tab is hidden, the page is kept, so that nothing that was typed there is lost.
 */
export class PagePanel<ToPage, FromPage> implements Disposable {
  readonly #panel: WebviewPanel;
  readonly #received = new EventEmitter<FromPage>();
  /** Fires for each message of the page. */
  readonly onMessage = this.#received.event;
  /** Fires when the user has closed the page. */
  readonly onDidClose;

  constructor({ name, title, extensionUri, restored }: PageOptions) {
    const folder = Uri.joinPath(extensionUri, "dist", "pages");
    this.#panel =
      restored ??
      window.createWebviewPanel(viewType(name), title, ViewColumn.Active, { retainContextWhenHidden: true });
    const { webview } = this.#panel;
    webview.options = { enableScripts: true, enableForms: false, localResourceRoots: [folder] };
    this.#panel.iconPath = Uri.joinPath(extensionUri, "media", "icon.png");
    this.onDidClose = this.#panel.onDidDispose;
    webview.onDidReceiveMessage((message: FromPage) => this.#received.fire(message));
    const source = (extension: string): string =>
      webview.asWebviewUri(Uri.joinPath(folder, `${name}.${extension}`)).toString();
    webview.html = pageHtml({ title, style: source("css"), script: source("js"), source: webview.cspSource });
  }

  post(message: ToPage): void {
    // It fails only if the page was closed meanwhile.
    void this.#panel.webview.postMessage(message);
  }

  reveal(): void {
    this.#panel.reveal();
  }

  dispose(): void {
    this.#panel.dispose();
    this.#received.dispose();
  }
}

interface PageHtml {
  readonly title: string;
  readonly style: string;
  readonly script: string;
  /** The source of the content security policy that the style and the script are from. */
  readonly source: string;
}

function pageHtml({ title, style, script, source }: PageHtml): string {
  const nonce = randomBytes(16).toString("base64");
  const language = currentLanguage();
  // No text ends the element.
  const words = JSON.stringify(language).replaceAll("<", "\\u003c");
  return `<!DOCTYPE html>
<html lang="${language.tag}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}';">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<main id="page"></main>
<script type="application/json" id="language">${words}</script>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>`;
}
