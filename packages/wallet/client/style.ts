// Each colour can be given by the page, as a CSS variable of the same name with `bursar-` before it. Text has a contrast of
// 4.5 and more on what it stands on (WCAG 2.2, 1.4.3), borders of fields 3 (1.4.11).
const LIGHT = `
  --accent: var(--bursar-accent, #1f4fd8);
  --on-accent: var(--bursar-on-accent, #ffffff);
  --background: var(--bursar-background, #f5f6f9);
  --surface: var(--bursar-surface, #ffffff);
  --text: var(--bursar-text, #16181d);
  --muted: var(--bursar-muted, #565c68);
  --border: var(--bursar-border, #7d8491);
  --good: var(--bursar-good, #17653a);
  --bad: var(--bursar-bad, #a3211d);
  color-scheme: light;`;

const DARK = `
  --accent: var(--bursar-accent-dark, var(--bursar-accent, #9db8ff));
  --on-accent: var(--bursar-on-accent-dark, var(--bursar-on-accent, #10131a));
  --background: var(--bursar-background-dark, #10131a);
  --surface: var(--bursar-surface-dark, #1a1f29);
  --text: var(--bursar-text-dark, #eef0f4);
  --muted: var(--bursar-muted-dark, #aab2c0);
  --border: var(--bursar-border-dark, #7a8496);
  --good: var(--bursar-good-dark, #7fd6a2);
  --bad: var(--bursar-bad-dark, #ffa9a3);
  color-scheme: dark;`;

/** The style of the wallet, within its own root. */
export const STYLE = `
:host { display: block; ${LIGHT} }
@media (prefers-color-scheme: dark) { :host { ${DARK} } }
:host([theme="light"]) { ${LIGHT} }
:host([theme="dark"]) { ${DARK} }
:host([hidden]) { display: none; }
*, *::before, *::after { box-sizing: border-box; }
.wallet {
  font: 1rem/1.5 var(--bursar-font, system-ui, sans-serif);
  color: var(--text); background: var(--background);
  max-width: 40rem; margin: 0 auto; padding: 1rem;
  display: grid; gap: 1rem; overflow-wrap: anywhere;
}
header { display: flex; align-items: center; gap: .75rem; }
.logo { max-height: 3rem; max-width: 10rem; }
h1 { font-size: 1.25rem; margin: 0; }
h2 { font-size: 1rem; margin: 0 0 .5rem; }
p { margin: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
section { background: var(--surface); border-radius: var(--bursar-radius, .75rem); padding: 1rem; }
.balance h2 { font-weight: 400; color: var(--muted); margin: 0; }
.money { font-size: 2.5rem; line-height: 1.2; font-weight: 700; font-variant-numeric: tabular-nums; }
.muted { color: var(--muted); }
.name { font-weight: 600; }
fieldset { border: 0; margin: 0 0 1rem; padding: 0; min-width: 0; }
form > :last-child { margin-bottom: 0; }
legend { padding: 0; margin: 0 0 .5rem; }
.group { border: 1px solid var(--border); border-radius: .5rem; padding: .75rem; }
.group legend { padding: 0 .25rem; margin: 0; font-weight: 600; }
.methods { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 11rem), 1fr)); }
.card {
  display: flex; gap: .75rem; align-items: flex-start; min-height: 44px; padding: .75rem; cursor: pointer;
  border: 1px solid var(--border); border-radius: .5rem;
}
[dir="rtl"] :is(.card > span, .what) > * { text-align: right; }
.card > span { display: grid; }
.card input { margin: .25rem 0 0; width: 1.1rem; height: 1.1rem; flex: none; accent-color: var(--accent); }
.card:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
.field { margin: 0 0 .75rem; }
.field label { display: block; margin: 0 0 .25rem; }
.field input, .field select {
  font: inherit; color: inherit; background: var(--surface); width: 100%; min-height: 44px; padding: .5rem .75rem;
  border: 1px solid var(--border); border-radius: .5rem;
}
.tick { display: grid; grid-template-columns: auto 1fr; gap: 0 .75rem; align-items: center; }
.tick input { width: 1.5rem; min-height: 44px; accent-color: var(--accent); }
.tick .muted, .tick .problem { grid-column: 1 / -1; }
.field .amount { font-size: 1.25rem; font-variant-numeric: tabular-nums; }
[dir="rtl"] .field [dir="ltr"] { text-align: right; }
.field [aria-invalid="true"] { border-color: var(--bad); box-shadow: inset 0 0 0 1px var(--bad); }
.problem { color: var(--bad); }
button {
  font: inherit; font-weight: 600; min-height: 44px; min-width: 44px; padding: .5rem 1rem; cursor: pointer;
  border-radius: .5rem; border: 1px solid transparent;
}
.main { width: 100%; margin-top: .75rem; color: var(--on-accent); background: var(--accent); }
.main[aria-disabled="true"] { cursor: progress; }
.plain { color: var(--accent); background: transparent; padding-inline: 0; text-decoration: underline; text-align: start; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.notice { background: var(--surface); border-inline-start: .25rem solid var(--accent); border-radius: .5rem; padding: .75rem 1rem; }
.notice.good { border-color: var(--good); }
.notice.bad { border-color: var(--bad); margin-bottom: 1rem; }
.notice ul { margin: .25rem 0 0; padding-inline-start: 1.25rem; }
.rows { list-style: none; margin: 0; padding: 0; }
.rows li { display: flex; gap: 1rem; justify-content: space-between; padding: .75rem 0; border-top: 1px solid color-mix(in srgb, var(--border) 40%, transparent); }
.rows li:first-child { border-top: 0; padding-top: 0; }
.what, .much { display: grid; align-content: start; min-width: 0; }
.much { text-align: end; font-variant-numeric: tabular-nums; flex: none; max-width: 50%; }
.plus, .status.good { color: var(--good); }
.status.bad { color: var(--bad); }
.status.open { color: var(--accent); }
@media (prefers-reduced-motion: no-preference) { .loading { animation: breathe 1.5s ease-in-out infinite alternate; } }
@keyframes breathe { from { opacity: .75; } }
`;
