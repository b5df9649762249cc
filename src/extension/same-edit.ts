import {
  commands,
  type Disposable,
  type Position,
  Range,
  Selection,
  StatusBarAlignment,
  type StatusBarItem,
  type TextDocument,
  type TextEditor,
  TextEditorRevealType,
  TextEditorSelectionChangeKind,
  ThemeColor,
  window,
  workspace,
} from "vscode";
import { t } from "../l10n.ts";
import type { LineEdit, SameEditsParams, SameEditsResult } from "../server/protocol.ts";
import { isKnown } from "./active-document.ts";
import type { ServerProcess } from "./client.ts";
import { isEnabledIn } from "./config.ts";

/** Milliseconds without an edit after which it is looked for where the same change is due. */
const pause = 600;

const replaced = window.createTextEditorDecorationType({
  textDecoration: "line-through",
  color: new ThemeColor("editorGhostText.foreground"),
});
const replacing = window.createTextEditorDecorationType({
  after: { color: new ThemeColor("editorGhostText.foreground"), fontStyle: "italic" },
});

/** An edit that is shown in an editor. */
interface Shown {
  readonly editor: TextEditor;
  readonly version: number;
  readonly edit: LineEdit;
}

/**
 * *Next Same Edit*: after a change, shows where the same change is due, one line after the other, beside what it would replace. One key
 * makes it and goes on, another refuses it.
 */
export class SameEdits implements Disposable {
  readonly #server: () => ServerProcess | undefined;
  readonly #isSilent: () => boolean;
  readonly #item: StatusBarItem;
  readonly #subscriptions: Disposable[];
  #shown: Shown | undefined;
  /** The line of the cursor. */
  #line = -1;
  /** The changes that were refused, by document. */
  readonly #refused = new WeakMap<TextDocument, Set<string>>();
  #timer: NodeJS.Timeout | undefined;

  /** @param isSilent whether nothing is said unless the user asks, as in a snooze */
  constructor(server: () => ServerProcess | undefined, isSilent: () => boolean) {
    this.#server = server;
    this.#isSilent = isSilent;
    this.#item = window.createStatusBarItem("murmur.sameEdits", StatusBarAlignment.Right, 99);
    this.#item.name = t("Murmur: Same Edits");
    this.#item.command = "murmur.nextSameEdit";
    this.#subscriptions = [
      this.#item,
      workspace.onDidChangeTextDocument(({ document }) => {
        if (document === window.activeTextEditor?.document) this.#changed();
      }),
      window.onDidChangeActiveTextEditor(() => this.#changed()),
      window.onDidChangeTextEditorSelection(({ textEditor, kind }) => {
        const { line } = textEditor.selection.active;
        // What this class does to the selection may be reported late.
        const isUser = kind === TextEditorSelectionChangeKind.Keyboard || kind === TextEditorSelectionChangeKind.Mouse;
        const shown = this.#shown;
        // No change is taken from the line of the cursor.
        if (shown ? isUser && line !== shown.edit.line : line !== this.#line) this.#changed();
        this.#line = line;
      }),
    ];
  }

  /** Shows the next line in which the last changes are due, from that of the cursor on, also those that were refused. */
  async next(): Promise<void> {
    const editor = window.activeTextEditor;
    if (editor) this.#next(editor, await this.#find(editor, { refused: [] }));
  }

  #next(editor: TextEditor, { version, edits }: SameEditsResult): void {
    const { line } = editor.selection.active;
    const edit = edits.find((one) => one.line >= line) ?? edits[0];
    this.#hide();
    if (!edit || editor.document.version !== version) {
      window.setStatusBarMessage(t("Murmur: there is no line where the last change is due too"), 4000);
      return;
    }
    this.#show({ editor, version, edit });
  }

  /** Makes the edit that is shown, and shows the next one. */
  async accept(): Promise<void> {
    const shown = this.#shown;
    this.#hide();
    if (!shown || shown.editor.document.version !== shown.version) return;
    const { editor, edit } = shown;
    const isDone = await editor.edit((builder) => {
      for (const { from, to, text } of edit.patches) builder.replace(new Range(edit.line, from, edit.line, to), text);
    });
    if (!isDone) return;
    const found = await this.#find(editor, { refused: this.#refusedIn(editor.document) });
    if (found.edits.length > 0) return this.#next(editor, found);
    const { end } = editor.document.lineAt(edit.line).range;
    editor.selection = new Selection(end, end);
  }

  /** Hides the edit that is shown. The same change is not shown again in this document. */
  refuse(): void {
    const shown = this.#shown;
    this.#hide();
    if (!shown) return;
    const { document } = shown.editor;
    const refused = this.#refused.get(document) ?? new Set();
    this.#refused.set(document, refused.add(shown.edit.key));
    this.#changed();
  }

  #refusedIn(document: TextDocument): string[] {
    return [...(this.#refused.get(document) ?? [])];
  }

  async #find({ document }: TextEditor, options: Omit<SameEditsParams, "uri">): Promise<SameEditsResult> {
    const server = this.#server();
    if (!server || !isKnown(document) || !isEnabledIn(document)) return { version: document.version, edits: [] };
    return await server.sameEdits(document.uri, options);
  }

  #show(shown: Shown): void {
    const { editor, edit } = shown;
    const [first] = edit.patches;
    if (!first) return;
    const ranges = edit.patches.map(({ from, to }) => new Range(edit.line, from, edit.line, to));
    editor.setDecorations(
      replaced,
      ranges.filter((range) => !range.isEmpty),
    );
    editor.setDecorations(
      replacing,
      edit.patches.map(({ to, text }) => ({
        range: new Range(edit.line, to, edit.line, to),
        // A decoration shows no ordinary blanks at its ends.
        renderOptions: { after: { contentText: text.replace(/ /g, "\u00A0") } },
      })),
    );
    this.#shown = shown;
    const cursor: Position = ranges[0]?.start ?? editor.selection.active;
    editor.selection = new Selection(cursor, cursor);
    editor.revealRange(new Range(cursor, cursor), TextEditorRevealType.InCenterIfOutsideViewport);
    void commands.executeCommand("setContext", "murmur.isSameEditShown", true);
    window.setStatusBarMessage(t("Murmur: Tab makes the same change here, Escape refuses it"), 8000);
  }

  #hide(): void {
    const shown = this.#shown;
    this.#shown = undefined;
    shown?.editor.setDecorations(replaced, []);
    shown?.editor.setDecorations(replacing, []);
    void commands.executeCommand("setContext", "murmur.isSameEditShown", false);
  }

  /** Shows nothing any more. */
  clear(): void {
    this.#hide();
    this.#item.hide();
    clearTimeout(this.#timer);
  }

  /** Hides what is shown, and soon looks anew. */
  #changed(): void {
    if (this.#shown) this.#hide();
    this.#item.hide();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#look(), pause);
  }

  /** Says that there are lines where the same change is due. */
  async #look(): Promise<void> {
    const editor = window.activeTextEditor;
    if (!editor || this.#isSilent()) return;
    const { document, selection } = editor;
    try {
      const options = { current: selection.active.line, refused: this.#refusedIn(document) };
      const { version, edits } = await this.#find(editor, options);
      if (edits.length === 0 || document.version !== version || window.activeTextEditor !== editor) return;
      this.#item.text = `$(edit) ${edits.length === 1 ? t("1 same edit") : t("{0} same edits", edits.length)}`;
      this.#item.tooltip = t(
        "Murmur: the change that you made is due in other lines too. Murmur: Next Same Edit shows them.",
      );
      this.#item.show();
    } catch {
      // The server has ended meanwhile, and its log says why.
    }
  }

  dispose(): void {
    this.clear();
    for (const one of this.#subscriptions) one.dispose();
  }
}
