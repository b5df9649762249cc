/** Markup that is safe to insert into a page as it is. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

export type HtmlContent = Html | string | number | false | undefined | readonly HtmlContent[];

/** A template of markup. Inserted values are escaped unless they are markup themselves. */
export function html(parts: TemplateStringsArray, ...contents: readonly HtmlContent[]): Html {
  return new Html(parts.reduce((markup, part, i) => markup + markupOf(contents[i - 1]) + part));
}

/** Text escaped for HTML, in elements and in attributes. */
function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

function markupOf(content: HtmlContent): string {
  if (content === undefined || content === false) return "";
  if (content instanceof Html) return content.markup;
  if (typeof content === "string") return escapeHtml(content);
  if (typeof content === "number") return String(content);
  return content.map(markupOf).join("");
}
