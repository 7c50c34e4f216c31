/** The style of the report: one or two columns, light and dark. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f6f7f9; --card: #ffffff; --line: #e3e6eb; --text: #20242c; --soft: #5d6675;
  --accent: #1c5fb8; --second: #b8560c; --idle: #b9c0cb; --good: #1a7043; --bad: #b3261e;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0f1115; --card: #16181d; --line: #2a2e37; --text: #e4e7ed; --soft: #9aa3b2;
    --accent: #7ab2f5; --second: #f0a35c; --idle: #4a5160; --good: #66c793; --bad: #f28b82;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--text);
  font: 16px/1.55 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', sans-serif;
  -webkit-text-size-adjust: 100%;
}
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px; }
header { margin-bottom: 28px; }
h1 { font-size: 30px; line-height: 1.2; font-weight: 650; letter-spacing: -0.015em; margin: 0 0 8px; }
h2 { font-size: 20px; line-height: 1.3; font-weight: 620; letter-spacing: -0.01em; margin: 44px 0 4px; }
h3 { font-size: 15px; font-weight: 600; margin: 0 0 12px; }
p { margin: 0 0 12px; max-width: 70ch; }
.lead { color: var(--soft); margin: 0; }
.note { color: var(--soft); font-size: 14px; margin-bottom: 16px; }
a { color: var(--accent); }
.facts { display: grid; grid-template-columns: repeat(auto-fit, minmax(150px, 1fr)); gap: 12px; margin: 0; }
.facts div, .card, figure {
  background: var(--card); border: 1px solid var(--line); border-radius: 10px;
}
.facts div { padding: 14px 16px; }
.facts dt { color: var(--soft); font-size: 13px; }
.facts dd { margin: 2px 0 0; font-size: 22px; white-space: nowrap; line-height: 1.25; font-weight: 600; font-variant-numeric: tabular-nums; }
.facts dd small { display: block; font-size: 13px; font-weight: 400; color: var(--soft); }
.charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(290px, 1fr)); gap: 16px; }
.pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 420px), 1fr)); gap: 16px; }
.pair figure { display: grid; grid-template-rows: subgrid; grid-row: span 3; row-gap: 0; }
.card, figure { padding: 16px; margin: 0; min-width: 0; }
.single { margin-top: 16px; }
img { display: block; width: 100%; height: auto; border-radius: 4px; }
figcaption { color: var(--soft); font-size: 14px; margin-top: 12px; }
.chart { height: 210px; }
.legend { display: flex; gap: 16px; color: var(--soft); font-size: 13px; margin-top: 6px; }
.legend i { display: inline-block; width: 18px; height: 0; border-top: 2.5px solid; vertical-align: 4px; margin-right: 6px; }
.legend .train i { border-color: var(--second); border-top-style: dashed; }
.legend .test i { border-color: var(--accent); }
.reading { margin-left: auto; font-variant-numeric: tabular-nums; }
.dimensions { display: flex; flex-direction: column; height: 100%; }
.bars { display: flex; flex: 1 1 auto; align-items: stretch; gap: min(6px, 0.5%); min-height: 170px; border-bottom: 1px solid var(--line); }
.bars div { position: relative; flex: 1 1 0; min-width: 0; }
.bars i { position: absolute; bottom: 0; left: 0; right: 0; margin: 0 auto; max-width: 56px; background: var(--accent); border-radius: 3px 3px 0 0; min-height: 1px; }
.bars .idle i { background: var(--idle); }
.bars b { position: absolute; left: 0; right: 0; text-align: center; font-size: 12px; font-weight: 400; color: var(--soft); font-variant-numeric: tabular-nums; padding-bottom: 3px; }
.names { display: flex; gap: min(6px, 0.5%); font-size: 12px; color: var(--soft); text-align: center; margin-top: 4px; }
.names span { flex: 1 1 0; min-width: 0; }
.upright b, .upright .names span { writing-mode: vertical-rl; transform: rotate(180deg); display: flex; align-items: center; }
.upright b { padding: 4px 0 0; }
.upright .names span { justify-content: flex-end; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: 14px; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 7px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
th { color: var(--soft); font-weight: 500; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th:last-child, td:last-child { padding-right: 0; }
tr:last-child td { border-bottom: 0; }
.evaluation :is(th, td):is(:nth-child(2), :last-child) { text-align: left; white-space: pre; }
.card .note { margin: 12px 0 0; max-width: none; }
.good { color: var(--good); }
.bad { color: var(--bad); font-weight: 600; }
.settings { margin: 0; display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 300px), 1fr)); column-gap: 40px; font-size: 14px; }
.settings div { display: flex; justify-content: space-between; gap: 16px; padding: 6px 0; border-bottom: 1px solid var(--line); }
.settings dt { color: var(--soft); }
.settings dd { margin: 0; text-align: right; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
code { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: 0.92em; }
pre {
  margin: 16px 0 0; padding: 14px 16px; background: var(--ground); border: 1px solid var(--line); border-radius: 8px;
  font-size: 13px; line-height: 1.6; white-space: pre-wrap; overflow-wrap: anywhere;
}
footer { color: var(--soft); font-size: 13px; margin-top: 40px; }
@media (max-width: 520px) {
  main { padding: 24px 14px 40px; }
  h1 { font-size: 24px; }
  .facts { grid-template-columns: 1fr 1fr; }
  .facts dd { font-size: 19px; }
  .card, figure { padding: 12px; }
  table { font-size: 13px; }
  th, td { padding: 6px 4px; }
  th { white-space: normal; }
  .gradients :is(th, td):nth-child(2) { display: none; }
}
@media print { body { background: #fff; } .card, figure, .facts div { break-inside: avoid; } }
`;
