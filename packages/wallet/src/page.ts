import type { CheckedOptions } from './options.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** The page. `folder` is what its own files lie under, relative to it. */
export function pageHtml({ title, lang, attributes }: CheckedOptions, folder: string, version: string): string {
  const listed = Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');
  return `<!doctype html>
<html lang="${escaped(lang)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${folder}wallet.css">
</head>
<body>
<main><bursar-wallet${listed}></bursar-wallet></main>
<noscript>This page needs JavaScript.</noscript>
<script type="module" src="${folder}wallet.js?v=${version}"></script>
</body>
</html>
`;
}

/** The style of the page around the wallet, and the colours of it that were given. */
export function pageStyle({ variables }: CheckedOptions): string {
  const given = variables.map(([name, value]) => `  ${name}: ${value};\n`).join('');
  return `:root {
  color-scheme: light dark;
${given}}
body {
  margin: 0;
  background: var(--bursar-background, #f5f6f9);
}
@media (prefers-color-scheme: dark) {
  body {
    background: var(--bursar-background-dark, #10131a);
  }
}
bursar-wallet {
  min-height: 100vh;
}
`;
}
