import { meanBits } from "../bits.ts";
import {
  byColumn,
  byKind,
  byLanguage,
  byLength,
  isTyped,
  type LanguageFigures,
  type Miss,
  measuredChars,
  type TypedFile,
  worstMisses,
} from "../breakdowns.ts";
import type { MeasuredFile } from "../measure.ts";
import type { Reliability } from "../reliability.ts";
import { type Interval, type Summary, summarize } from "../summary.ts";
import { columnChart, languageChart, lengthChart, reliabilityChart, shareAxis } from "./charts.ts";
import { clearlyFewerBits, fileViews, shadeBits } from "./file-view.ts";
import { count, percent, range } from "./format.ts";
import { type Html, type HtmlContent, html } from "./html.ts";

/** The figures that matter, large. */
export function typingFigures(summary: Summary): Html {
  const { intervals, latencyMs } = summary;
  const interval = (own: Interval | undefined, factor: number, digits = 1): string =>
    own ? `95 % interval: ${range(own, factor, digits)}` : "";
  return html`<dl class="figures">
${figure("Net saved", percent(summary.netSaved), interval(intervals?.netSaved, 100), "main")}
${figure("Accepted share", percent(summary.acceptedShare), interval(intervals?.acceptedShare, 100))}
${figure("Keystrokes saved", percent(summary.keystrokesSaved), interval(intervals?.keystrokesSaved, 100))}
${figure("Wrong per 100 characters", summary.wrongPer100Chars.toFixed(2), interval(intervals?.wrongPer100Chars, 1, 2))}
${figure("Time of a request", `${latencyMs.p50.toFixed(1)} ms`, `p95 ${latencyMs.p95.toFixed(1)} ms, p99 ${latencyMs.p99.toFixed(1)} ms`)}
</dl>`;
}

/** The figures by kind of edit, if edits were typed. */
export function editsTable(files: readonly TypedFile[]): Html | undefined {
  const kinds = byKind(files);
  if (kinds.length === 0) return undefined;
  return html`<section>
<h2>By kind of edit</h2>
${table(
  ["kind", "edits", "characters", "net saved", "95 % interval", "accepted", "wrong per 100"],
  kinds.map(({ kind, edits, figures }) => [
    kind,
    count(edits),
    count(figures.chars),
    percent(figures.netSaved),
    figures.intervals && range(figures.intervals.netSaved, 100, 1),
    percent(figures.acceptedShare),
    figures.wrongPer100Chars.toFixed(2),
  ]),
)}
</section>`;
}

/** Bits per character of all files, mixed and by source. */
export function bitsFigures(files: readonly MeasuredFile[]): Html {
  const { bitsPerChar, chars, rnn, local } = meanBits(files.flatMap((file) => file.bits ?? []));
  return html`<dl class="figures">
${figure("Bits per character", bitsPerChar.toFixed(3), `of ${count(chars)} characters`, "main")}
${rnn && figure("The network alone", rnn.bitsPerChar.toFixed(3), "bits per character")}
${local && figure("The local model alone", local.bitsPerChar.toFixed(3), "bits per character")}
</dl>`;
}

export function typingCharts(files: readonly TypedFile[], calibration: Reliability): Html {
  const languages = byLanguage(files);
  const columns = byColumn(files);
  const lengths = byLength(files.flatMap((file) => file.simulation.events));
  const bars = languages.flatMap(({ language, typing }) =>
    typing ? [{ language, value: typing.acceptedShare, label: percent(typing.acceptedShare, 0) }] : [],
  );
  const axis = { ...shareAxis, label: "accepted share" };
  return html`<section>
<h2>Where suggestions help</h2>
<div class="charts">
${chart(
  "By language",
  html`<p>The share of all characters that were accepted.</p>`,
  languageChart(bars, axis, "Accepted share by language"),
  table(
    ["language", "files", "characters", "accepted", "net saved", "wrong per 100"],
    languages.map(({ language, files, chars, typing }) => [
      language,
      count(files),
      count(chars),
      typing && percent(typing.acceptedShare),
      typing && percent(typing.netSaved),
      typing?.wrongPer100Chars.toFixed(2),
    ]),
  ),
)}
${chart(
  "By place in the line",
  html`<p>The share of the characters at each place that were accepted.</p>`,
  columnChart(columns, "Accepted share by place in the line"),
  table(
    ["place", "characters", "accepted"],
    columns.map(({ from, to, chars, acceptedShare }, i) => [
      i === columns.length - 1 ? `${from}+` : `${from}–${to - 1}`,
      count(chars),
      percent(acceptedShare),
    ]),
  ),
)}
${chart(
  "By length of the suggestion",
  html`<p><span class="key" style="background:var(--right)"></span>right: all of it was what came next.
<span class="key" style="background:var(--wrong)"></span>wrong: it was not.</p>`,
  lengthChart(lengths, "Right and wrong suggestions by their length"),
  table(
    ["length", "right", "wrong", "characters accepted"],
    lengths.map(({ lengths, right, wrong, acceptedChars }) => [
      lengths,
      count(right),
      count(wrong),
      count(acceptedChars),
    ]),
  ),
)}
${chart(
  "Does it know how sure it is?",
  html`<p>Each dot is a tenth of the scale; larger dots have more suggestions. On the dashed line, suggestions are right
as often as the engine says. Expected calibration error: ${calibration.error.toFixed(3)}.</p>`,
  reliabilityChart(calibration, "Reliability diagram: probability given, and share that was right"),
  table(
    ["probability", "suggestions", "mean probability", "right"],
    calibration.bins.map(({ from, to, count: shown, meanProbability, rightShare }) => [
      `${percent(from, 0)} to ${percent(to, 0)}`,
      count(shown),
      percent(meanProbability),
      percent(rightShare),
    ]),
  ),
)}
</div>
</section>`;
}

/** Bits per character by language, if nothing was typed. */
export function bitsChart(files: readonly MeasuredFile[]): Html {
  const languages = byLanguage(files);
  const bars = languages.flatMap(({ language, bits }) =>
    bits ? [{ language, value: bits.bitsPerChar, label: bits.bitsPerChar.toFixed(2) }] : [],
  );
  const alone = (bits: LanguageFigures["bits"], source: "rnn" | "local"): string =>
    bits?.[source]?.bitsPerChar.toFixed(3) ?? "";
  return html`<section>
<h2>By language</h2>
<div class="charts">
${chart(
  "Bits per character",
  html`<p>Fewer is better.</p>`,
  languageChart(bars, { label: "bits per character" }, "Bits per character by language"),
  table(
    ["language", "files", "characters", "bits per character", "network alone", "local model alone"],
    languages.map(({ language, files, chars, bits }) => [
      language,
      count(files),
      count(chars),
      bits?.bitsPerChar.toFixed(3),
      alone(bits, "rnn"),
      alone(bits, "local"),
    ]),
  ),
)}
</div>
</section>`;
}

const missesShown = 12;

export function misses(files: readonly TypedFile[]): Html | undefined {
  const worst = worstMisses(files, missesShown);
  if (worst.length === 0) return undefined;
  return html`<section>
<h2>The worst misses</h2>
<p class="note">The wrong suggestions that the engine was surest of, with the line above and the text that was typed.</p>
<ol class="misses">
${worst.map(missItem)}
</ol>
</section>`;
}

/** Longer lines are cut at their beginning, because what matters is at the cursor. */
const longestBefore = 48;

function missItem(miss: Miss): Html {
  const before = miss.before.length > longestBefore ? `…${miss.before.slice(-longestBefore)}` : miss.before;
  const typed = [...miss.typed].slice(0, Math.max(24, [...miss.suggested].length + 8)).join("");
  const agreed = miss.suggested.slice(0, miss.agreed);
  const line = (rest: string): Html =>
    html`<pre>${before}${agreed}<mark>${rest.replaceAll("\n", "↵\n") || "↵"}</mark></pre>`;
  return html`<li>
<header><span>${miss.file}:${miss.line}:${miss.column}</span><b>${percent(miss.probability, 0)} sure</b></header>
<dl>
<dt>above</dt><dd><pre>${miss.lineAbove || " "}</pre></dd>
<dt>suggested</dt><dd class="suggested">${line(miss.suggested.slice(miss.agreed))}</dd>
<dt>typed</dt><dd class="typed">${line(typed.slice(miss.agreed))}</dd>
</dl>
</li>`;
}

export function files(measured: readonly MeasuredFile[]): Html {
  const views = fileViews(measured);
  const hasTyping = measured.some(isTyped);
  const hasBits = measured.some(({ bits }) => bits !== undefined);
  const hasEdits = measured.some(({ edits }) => edits !== undefined);
  const hasBoth = measured.some(({ bits }) => bits?.bySource.rnn !== undefined && bits.bySource.local !== undefined);
  const leftOut = measured.length - views.length;
  return html`<section class="views">
<h2>The files, character by character</h2>
${
  hasTyping &&
  html`<fieldset aria-label="What is marked">
${hasBits && html`<label><input type="radio" name="view" value="bits" checked> what each character cost</label>`}
<label><input type="radio" name="view" value="accepted"${!hasBits && " checked"}> what was accepted, not typed</label>
</fieldset>`
}
<p class="legend of-bits"><span>bits that a character cost, at least:</span>
${shadeBits.map((bits, i) => html`<i class="s${i + 1}">${bits}</i>`)}
${
  hasBoth &&
  html`<span><i class="r">network</i> <i class="l">local model</i> predicted it better, by ${clearlyFewerBits} bit or more</span>`
}</p>
${hasTyping && html`<p class="legend of-accepted"><span><i class="a">accepted</i> with a key; the rest was typed${hasEdits && html`, <i class="u">or stood there before</i>`}</span></p>`}
${views.map(
  ({ file, lines, isCut }, i) => html`<details class="file"${i === 0 ? " open" : ""}>
<summary><span>${file.name}</span><span>${fileFigures(file)}</span></summary>
<pre>${lines}</pre>
${isCut && html`<p class="note">The rest of the file is not shown.</p>`}
</details>`,
)}
${leftOut > 0 && html`<p class="note">${count(leftOut)} more ${leftOut === 1 ? "file was" : "files were"} measured, without a view here.</p>`}
</section>`;
}

function fileFigures(file: MeasuredFile): string {
  const parts = [`${count(measuredChars(file))} characters${file.edits ? " typed" : ""}`];
  if (isTyped(file)) {
    const { acceptedShare, netSaved, wrong } = summarize([file.simulation]);
    parts.push(`${percent(acceptedShare, 0)} accepted`, `${percent(netSaved, 0)} net saved`, `${count(wrong)} wrong`);
  }
  if (file.bits) parts.push(`${meanBits([file.bits]).bitsPerChar.toFixed(2)} bits per character`);
  return parts.join(" · ");
}

function figure(name: string, value: string, more: string, className = ""): Html {
  return html`<div class="${className}"><dt>${name}</dt><dd><div class="value">${value}</div><div class="more">${more}</div></dd></div>`;
}

function chart(title: string, caption: Html, svg: Html, data: Html): Html {
  return html`<figure>
<figcaption><h3>${title}</h3>${caption}</figcaption>
${svg}
<details><summary>as a table</summary><div class="scroll">${data}</div></details>
</figure>`;
}

function table(head: readonly string[], rows: readonly (readonly HtmlContent[])[]): Html {
  return html`<table>
<thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}</tbody>
</table>`;
}
