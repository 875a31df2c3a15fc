const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** Where the script and the style of the page are, the folder that it is mounted under, and where people sign in. */
export interface PagePlaces {
  readonly path: string;
  /** `own`, the URL of the host's, or `''` where nothing is known of that. */
  readonly signIn: string;
  readonly script: string;
  readonly style: string;
}

/** The one page, which its script fills. */
export function pageHtml({ path, signIn, script, style }: PagePlaces): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<meta name="bursar-path" content="${escaped(path)}">
<meta name="bursar-sign-in" content="${escaped(signIn)}">
<title>Payouts</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${escaped(style)}">
<script type="module" src="${escaped(script)}"></script>
</head>
<body>
<div id="dashboard"></div>
<noscript>This page needs JavaScript.</noscript>
</body>
</html>
`;
}

/**
 * Nothing on the page comes from elsewhere, nothing in it runs that is not in its script, and nobody may frame it.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** On every answer of the dashboard. */
export const SAFE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};
