import { randomBytes } from "node:crypto";
import { type Disposable, EventEmitter, Uri, ViewColumn, type WebviewPanel, window } from "vscode";
import { currentLanguage } from "../l10n.ts";

export interface PageOptions {
  /** The page's script and style in dist/pages/, without their extensions; also its view type, after "murmur.". */
  readonly name: string;
  readonly title: string;
  readonly extensionUri: Uri;
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

  constructor({ name, title, extensionUri }: PageOptions) {
    const folder = Uri.joinPath(extensionUri, "dist", "pages");
    this.#panel = window.createWebviewPanel(`murmur.${name}`, title, ViewColumn.Active, {
      enableScripts: true,
      enableForms: false,
      retainContextWhenHidden: true,
      localResourceRoots: [folder],
    });
    const { webview } = this.#panel;
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
