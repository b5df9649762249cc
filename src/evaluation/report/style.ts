/** The report's style sheet, light or dark to match the reader's system. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#fdfdfb, #16181c);
  --card: light-dark(#ffffff, #1d2025);
  --ink: light-dark(#1c1e21, #e6e6e3);
  --soft: light-dark(#5a5f66, #a2a8b0);
  --rule: light-dark(#dddcd6, #363a41);
  --right: light-dark(#1f6fb2, #6bb1ea);
  --wrong: light-dark(#c4500a, #f0975a);
  --shade: light-dark(#e07b00, #f59b2b);
  --rnn: light-dark(#1f6fb2, #6bb1ea);
  --local: light-dark(#17804f, #5fca92);
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace;
}
* { box-sizing: border-box; }
body {
  margin: 0 auto;
  padding: 3rem 1.5rem 5rem;
  max-width: 76rem;
  background: var(--paper);
  color: var(--ink);
  font: 16px/1.55 var(--sans);
}
h1, h2, h3 { line-height: 1.2; text-wrap: balance; }
h1 { margin: 0 0 .4rem; font-size: 2.1rem; letter-spacing: -.02em; }
h2 { margin: 3.5rem 0 .4rem; font-size: 1.4rem; letter-spacing: -.01em; }
h3 { margin: 0; font-size: 1.05rem; }
p { margin: .3rem 0; max-width: 68ch; }
.lead, .note, figcaption p { color: var(--soft); }
.note, figcaption p { font-size: .9rem; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(11.5rem, 1fr)); gap: .9rem; margin: 2rem 0 0; padding: 0; }
.figures > div { padding: .9rem 1rem 1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; }
.figures dt { color: var(--soft); font-size: .86rem; }
.figures dd { margin: 0; }
.figures .value { font-size: 1.9rem; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; line-height: 1.3; }
.figures .more { color: var(--soft); font-size: .82rem; font-variant-numeric: tabular-nums; }
.figures .main { border-color: var(--right); box-shadow: inset 0 3px 0 var(--right); }
.charts { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); gap: 1.25rem; margin-top: 1.25rem; }
figure { margin: 0; padding: 1.2rem 1.3rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; min-width: 0; }
figure svg { width: 100%; height: auto; margin-top: .8rem; color: var(--ink); overflow: visible; }
.key { display: inline-block; width: .75em; height: .75em; border-radius: 2px; margin: 0 .3em 0 .1em; }
details > summary { cursor: pointer; }
figure details { margin-top: .6rem; font-size: .88rem; }
figure summary { color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; margin-top: .5rem; }
th, td { padding: .25rem .7rem .25rem 0; text-align: right; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
th { color: var(--soft); font-weight: 500; }
pre, code { font-family: var(--mono); font-size: .84rem; }
pre { margin: 0; tab-size: 4; }
.misses { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 27rem), 1fr)); gap: 1rem; margin: 1.25rem 0 0; padding: 0; list-style: none; }
.misses li { padding: .9rem 1.1rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; min-width: 0; }
.misses header { display: flex; justify-content: space-between; gap: 1rem; font-size: .88rem; color: var(--soft); }
.misses header span { overflow-wrap: anywhere; }
.misses header b { color: var(--wrong); font-variant-numeric: tabular-nums; white-space: nowrap; }
.misses dl { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .15rem .8rem; margin: .6rem 0 0; }
.misses dt { color: var(--soft); font-size: .82rem; line-height: 1.65; }
.misses dd { margin: 0; overflow: hidden; }
.misses dd pre { overflow-x: auto; scrollbar-width: thin; }
.misses pre { color: var(--soft); }
.misses mark { background: none; color: var(--ink); border-bottom: 2px solid; }
.misses .suggested mark { color: var(--wrong); text-decoration: none; }
.misses .typed mark { color: var(--right); }
fieldset { display: flex; flex-wrap: wrap; gap: .3rem 1.4rem; margin: 1rem 0 0; padding: 0; border: 0; }
.legend { display: flex; flex-wrap: wrap; align-items: center; gap: .3rem 1.2rem; margin: .8rem 0 1rem; font-size: .9rem; color: var(--soft); }
.legend i { padding: .1em .45em; font-family: var(--mono); font-size: .84rem; color: var(--ink); }
.file { margin-top: .6rem; background: var(--card); border: 1px solid var(--rule); border-radius: .6rem; overflow: hidden; }
.file > summary { display: flex; flex-wrap: wrap; justify-content: space-between; gap: .2rem 1.5rem; padding: .65rem 1.1rem; list-style: none; }
.file > summary::-webkit-details-marker { display: none; }
.file > summary::before { content: "▸"; color: var(--soft); }
.file[open] > summary::before { content: "▾"; }
.file > summary span:first-of-type { flex: 1; font-weight: 600; overflow-wrap: anywhere; }
.file > summary span + span { color: var(--soft); font-size: .88rem; font-variant-numeric: tabular-nums; }
.file > pre { padding: .8rem 1.1rem 1rem 0; border-top: 1px solid var(--rule); counter-reset: line; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere; }
.file > p { padding: 0 1.1rem .8rem; }
.line { display: block; position: relative; padding-left: 4rem; min-height: 1.6em; }
.line::before { counter-increment: line; content: counter(line); position: absolute; left: 0; width: 3rem; text-align: right; color: var(--soft); opacity: .6; user-select: none; }
.line b { font-weight: 400; color: var(--soft); opacity: .55; user-select: none; }
i { font-style: normal; }
.views i { border-radius: 2px; }
/* What is marked in the files: bits, or else what was accepted. */
.views:not(:has([value="accepted"]:checked)) {
  .s1 { background: color-mix(in oklab, var(--shade) 10%, transparent); }
  .s2 { background: color-mix(in oklab, var(--shade) 20%, transparent); }
  .s3 { background: color-mix(in oklab, var(--shade) 32%, transparent); }
  .s4 { background: color-mix(in oklab, var(--shade) 46%, transparent); }
  .s5 { background: color-mix(in oklab, var(--shade) 62%, transparent); }
  .s6 { background: color-mix(in oklab, var(--shade) 80%, transparent); }
  .s5, .s6 { color: #16181c; }
  .r { text-decoration: underline solid 2px var(--rnn); }
  .l { text-decoration: underline dotted 3px var(--local); }
  .r, .l { text-underline-offset: 3px; text-decoration-skip-ink: none; }
  .of-accepted { display: none; }
}
.views:has([value="accepted"]:checked) {
  .line { color: var(--soft); }
  .a { color: var(--right); font-weight: 600; background: color-mix(in oklab, var(--right) 13%, transparent); }
  .u { opacity: .5; }
  .of-bits { display: none; }
}
@media print { body { max-width: none; padding: 0; } .file:not([open]) { display: none; } }
`;
