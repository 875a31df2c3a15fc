/** What a browser, or somebody who says to be one, sends to the dashboard. */
import { scene } from '../../../packages/dashboard/test/scene.js';
import { jsonLike } from '../json.js';
import { pick, type Random, textLike } from '../mutate.js';
import { type NamedParser, type Parser, type Problem, parser } from '../parser.js';

interface Visit {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
}

const ORIGIN = 'http://localhost:8787';

// What cannot be in a header or a URL reaches no server.
const latin = (text: string): string => text.replace(/[^\t\x20-\x7e\x80-\xff]/g, '');

function someVisit(random: Random, paths: readonly string[], cookies: readonly string[]): Visit {
  const method = pick(random, ['GET', 'GET', 'POST', 'PATCH', 'DELETE', 'PUT', 'HEAD', 'OPTIONS']);
  const headers: Record<string, string> = {
    'x-bursar-dashboard': '1',
    origin: ORIGIN,
    'idempotency-key': String(random()),
  };
  if (random() < 0.7) headers.cookie = latin(random() < 0.7 ? pick(random, cookies) : textLike(random, cookies, 8000));
  if (random() < 0.1) delete headers[pick(random, ['x-bursar-dashboard', 'origin'])];
  if (random() < 0.1) headers.origin = latin(textLike(random, [ORIGIN, 'null'], 2000));
  if (random() < 0.1) headers['sec-fetch-site'] = pick(random, ['cross-site', 'same-site', 'same-origin', 'none']);
  const hasBody = !['GET', 'HEAD'].includes(method) && random() < 0.8;
  if (hasBody) headers['content-type'] = 'application/json';
  const body = hasBody
    ? jsonLike(random, [
        { token: 'a'.repeat(43) },
        { response: { id: 'x' }, label: 'x' },
        { name: 'eve', role: 'owner' },
        { twoPersonOver: 1 },
      ])
    : undefined;
  return { method, path: encodeURI(textLike(random, paths, 4000).replace(/[\ud800-\udfff]/g, '')), headers, body };
}

export const dashboardRequest: NamedParser = parser('request to the dashboard', async (): Promise<Parser<Visit>> => {
  const faults: unknown[] = [];
  const { board, pay } = await scene({}, undefined, { onError: (error) => void faults.push(error) });
  const { id } = await pay('user@example.com', 1000);
  const { url } = await board.createSignInLink({ name: 'Vera', role: 'viewer' });
  const headers = { 'x-bursar-dashboard': '1', origin: ORIGIN, 'content-type': 'application/json' };
  const body = JSON.stringify({ token: new URL(url).hash.slice(1) });
  const signedIn = await board.fetch(
    new Request(`${ORIGIN}/dashboard/api/session/link`, { method: 'POST', headers, body }),
  );
  const [cookie = ''] = (signedIn.headers.get('set-cookie') ?? '').split(';');
  const below = [
    'session',
    'passkeys',
    'operators',
    `live/users/${id}`,
    'live/withdrawals?limit=2',
    'live/keys',
    'test/audit',
    'live/settings',
  ];
  const paths = [...below, 'session/link', 'session/passkey', '../api/session', 'live/webhooks'].map(
    (path) => `/dashboard/api/${path}`,
  );
  return {
    make: (random) =>
      someVisit(random, [...paths, '/dashboard', '/dashboard/assets/page-1.js'], [cookie, `${cookie}; a=b`, 'a=b']),
    async parse({ method, path, headers, body }): Promise<Problem> {
      const url = `${ORIGIN}${path.startsWith('/') ? '' : '/'}${path}`;
      if (!URL.canParse(url)) return undefined;
      const response = await board.fetch(
        new Request(url, { method, headers, ...(body === undefined ? {} : { body }) }),
      );
      if (faults.length > 0) return `was a fault: ${String(faults.splice(0)[0])}`;
      if (![200, 204, 400, 401, 403, 404, 405, 409, 413, 415, 422].includes(response.status))
        return `was answered ${response.status}`;
      // A viewer changes nothing, whatever is asked for.
      const isChange = ['POST', 'PATCH', 'PUT'].includes(method) && response.status === 200;
      return isChange && !/\/(?:session|passkeys)(?:\/|$|\?)/.test(path)
        ? 'was done for somebody who may only look'
        : undefined;
    },
  };
});
