/** The style of the HTML report, for the screen and for paper. */
export const sheet = `
:root { color-scheme: light; --text: #1b1d29; --soft: #454a5e; --muted: #5c6176; --line: #dedfe8; --accent: #4a3ab8; --good: #1c7a4b; --bad: #b3222f; }
* { box-sizing: border-box; }
body { margin: 0; background: #f1f1f5; color: var(--text); font: 14px/1.55 Inter, "Segoe UI", Roboto, "Noto Sans", "Liberation Sans", system-ui, sans-serif; font-feature-settings: "tnum"; }
main { max-width: 60rem; margin: 0 auto; padding: 3rem 3.5rem; background: #fff; }
h1, h2, h3, h4, p, dl, dd, ul, figure { margin: 0; padding: 0; }
h1 { font-size: 2rem; line-height: 1.15; letter-spacing: -0.01em; }
h2 { margin: 2.75rem 0 0.75rem; padding-top: 1.25rem; border-top: 2px solid var(--text); font-size: 1.35rem; }
h3 { margin: 1.75rem 0 0.5rem; font-size: 1rem; }
h4 { margin: 0.5rem 0 0.25rem; color: var(--muted); font-size: 0.8125rem; font-weight: 600; }
code { font: 0.8125rem/1.5 "JetBrains Mono", "Cascadia Code", "DejaVu Sans Mono", ui-monospace, monospace; overflow-wrap: anywhere; }
a { color: var(--accent); }
.brand { color: var(--accent); font-weight: 650; }
.cover h1 { margin: 0.25rem 0 0.75rem; }
.lead { color: var(--soft); font-size: 1rem; }
dl { display: flex; flex-wrap: wrap; gap: 0.75rem 2rem; margin: 1rem 0; }
dt { color: var(--muted); font-size: 0.75rem; }
dd { font-weight: 550; overflow-wrap: anywhere; }
table { width: 100%; margin: 0.75rem 0; border-collapse: collapse; font-size: 0.8125rem; }
caption { padding-bottom: 0.4rem; color: var(--muted); font-size: 0.75rem; text-align: left; }
th, td { padding: 0.35rem 0.75rem 0.35rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
thead th { border-bottom-color: var(--muted); color: var(--muted); font-size: 0.75rem; font-weight: 600; }
td:first-child code { overflow-wrap: normal; white-space: nowrap; }
.n { text-align: right; white-space: nowrap; }
th.n + th:not(.n), td.n + td:not(.n) { padding-left: 0.5rem; }
.seq { color: var(--muted); }
.badge { padding: 0 0.5rem; border-radius: 1rem; background: #f0f0f5; font-size: 0.75rem; font-weight: 600; white-space: nowrap; }
.badge.good { background: #e1f4e9; color: var(--good); }
.badge.bad { background: #fde8e9; color: var(--bad); }
.bad { color: var(--bad); font-weight: 600; }
details { margin: 0.75rem 0; padding: 0.75rem 1rem; border: 1px solid var(--line); border-radius: 0.5rem; }
summary { font-weight: 600; }
.sides { display: grid; grid-template-columns: 1fr 1fr; gap: 1.5rem; }
.sides ul { list-style: none; }
figure { margin: 0.75rem 0; }
figure svg { display: block; max-width: 100%; height: auto; }
figcaption { color: var(--muted); font-size: 0.75rem; }
@page { size: A4; margin: 16mm 14mm; }
@media (max-width: 40rem) { main { padding: 1.5rem 1rem; } .sides { grid-template-columns: 1fr; } }
@media print {
  body { background: #fff; font-size: 10pt; }
  main { max-width: none; padding: 0; }
  article { break-before: page; }
  h2, h3, h4, caption { break-after: avoid; }
  tr, figure, .part > p { break-inside: avoid; }
  thead { display: table-header-group; }
  a { color: inherit; text-decoration: none; }
}
`;
