/** Text as code in Markdown, on one line: it is shown as it is, also in a table. Blanks at its ends are shown as signs. */
export function codeOf(text: string): string {
  const shown = text
    .replaceAll("\n", "⏎")
    .replaceAll("\t", "⇥")
    .replace(/^ +| +$/g, (blanks) => "␣".repeat(blanks.length))
    .replace(/\p{Cc}/gu, "�")
    .replaceAll("|", "\\|");
  if (shown === "") return "";
  const longest = (shown.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = "`".repeat(longest + 1);
  const pad = longest > 0 ? " " : "";
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A table in Markdown. @param columns the titles; a colon at the end aligns the column to the right */
export function tableOf(columns: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [
    columns.map((title) => title.replace(/:$/, "")),
    columns.map((title) => (title.endsWith(":") ? "---:" : "---")),
    ...rows,
  ];
  return lines.map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
