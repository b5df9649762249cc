import { basename } from "node:path";
import { writeWhole } from "../../output-file.ts";
import { filesOf } from "../../wording.ts";
import { isTyped, measuredChars } from "../breakdowns.ts";
import type { EngineSetup, Source } from "../engine-under-test.ts";
import type { MeasuredFile } from "../measure.ts";
import { reliabilityOf } from "../reliability.ts";
import type { TypingSettings } from "../simulate.ts";
import { summarize } from "../summary.ts";
import { count } from "./format.ts";
import { Html, html } from "./html.ts";
import { bitsChart, bitsFigures, editsTable, files, misses, typingCharts, typingFigures } from "./sections.ts";
import { style } from "./style.ts";

/** The contents of a report: the measured files, and what they were measured with. */
export interface ReportContent {
  readonly files: readonly MeasuredFile[];
  readonly engine: EngineSetup;
  readonly typing?: Omit<TypingSettings, "temperature">;
}

/** Writes a report. @throws MurmurError ("storage") */
export async function writeReport(path: string, content: ReportContent): Promise<void> {
  await writeWhole(path, reportPage(content));
}

/** A report as one self-contained HTML page. It shows simulated typing if files were typed, and bits otherwise. */
export function reportPage({ files: measured, engine, typing }: ReportContent): string {
  const typed = measured.filter(isTyped);
  const title = typed.length > 0 ? "Simulated typing" : "Bits per character";
  const body = typed.length > 0 ? typingSections() : html`${bitsFigures(measured)}${bitsChart(measured)}`;
  const page = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Murmur</title>
<style>${new Html(style)}</style>
<header>
<h1>${title}</h1>
<p class="lead">${conditions(measured, engine, typing)}</p>
</header>
<main>
${body}
${files(measured)}
</main>
</html>
`;
  return page.markup;

  function typingSections(): Html {
    const simulations = typed.map((file) => file.simulation);
    const calibration = reliabilityOf(simulations.flatMap(({ events }) => events));
    const how = measured.some(({ edits }) => edits)
      ? "makes the edits that lead from the old files to the new ones, from the top of each file to its bottom,"
      : "types each file from its start to its end";
    return html`<p class="lead">A user ${how} and accepts a suggestion if all of it is what comes
next. Net saved, a share of all characters, is what was accepted, less 2 keystrokes for each acceptance and 3 for each wrong
suggestion.</p>
${typingFigures(summarize(simulations))}
${editsTable(typed)}
${typingCharts(typed, calibration)}
${misses(typed)}`;
  }
}

const sourceNames: Readonly<Record<Source, string>> = { rnn: "the network", local: "the local model" };

function conditions(
  files: readonly MeasuredFile[],
  { modelPath, given, sources }: EngineSetup,
  typing: ReportContent["typing"],
): string {
  const chars = (texts: readonly { readonly text: string }[]): string =>
    count(texts.reduce((sum, { text }) => sum + text.length, 0));
  const parts = [
    `${filesOf(files.length)}, ${count(files.reduce((sum, file) => sum + measuredChars(file), 0))} characters`,
    `predicted by ${sources.map((source) => sourceNames[source]).join(" and ")}${modelPath === undefined ? "" : ` (${basename(modelPath)})`}`,
    given.length === 0 ? "nothing read before" : `${filesOf(given.length)}, ${chars(given)} characters, read before`,
  ];
  if (typing) parts.push(typing.eagerness ?? "balanced");
  if (typing && typing.every > 1) parts.push(`a suggestion at every ${typing.every} characters`);
  return `${parts.join("; ")}.`;
}
