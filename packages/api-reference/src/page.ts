const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

const escaped = (text: string): string => text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character);

/** The page. `folder` is what its own files lie under, relative to it. */
export function pageHtml(title: string, folder: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)}</title>
<link rel="icon" href="data:,">
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The OpenAPI document behind it needs none.</noscript>
<script src="${folder}scalar.js"></script>
<script src="${folder}start.js"></script>
</body>
</html>
`;
}

// Nothing is asked of anybody else: no fonts, no proxy, no telemetry, no assistant. What somebody types in to try a
// request is a credential, and is not kept.
const CONFIGURATION = {
  withDefaultFonts: false,
  telemetry: false,
  proxyUrl: '',
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true, hideAddApi: true },
  mcp: { disabled: true },
  persistAuth: false,
};

/**
 * What starts the page: in a file of its own, since the policy lets no script in the page run. A relative server of the
 * document is relative to the document, which Scalar takes for relative to the page.
 *
 * @see https://spec.openapis.org/oas/v3.1.1.html#server-object
 */
export function startScript(openapi: string): string {
  return `const url = new URL(${JSON.stringify(openapi)}, location.href);
fetch(url)
  .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
  .then((content) => {
    const servers = (content.servers ?? []).map((server) => {
      const { href } = new URL(server.url, url);
      return { ...server, url: href.endsWith('/') ? href.slice(0, -1) : href };
    });
    Scalar.createApiReference('#reference', { ...${JSON.stringify(CONFIGURATION)}, content: { ...content, servers } });
  })
  .catch((error) => {
    document.querySelector('#reference').textContent = 'The OpenAPI document could not be shown: ' + error.message;
  });
`;
}

/**
 * The policy of the page. Styles alone may stand inside: Scalar makes them as it runs.
 *
 * @see https://www.w3.org/TR/CSP3/
 */
export function contentSecurityPolicy(connectTo: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    `connect-src ${["'self'", ...connectTo].join(' ')}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}
