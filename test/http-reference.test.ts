import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openApiDocument } from '@bursar/payouts/http';
import { describe, expect, it } from 'vitest';
import { httpReference } from './docs/http-reference.js';
import { root } from './tidy/tree.js';

const path = join(root, 'docs/reference/http.md');
const document = openApiDocument();

describe('docs/reference/http.md', () => {
  it('has the routes and the records of the OpenAPI document', async () => {
    const made = httpReference(readFileSync(path, 'utf8'), document);
    await expect(made, 'a deliberate change is written down by: npm run api').toMatchFileSnapshot(path);
  });

  it('would change with a route', () => {
    const markdown = '<!-- routes: Business -->\nold\n<!-- end -->\nstays\n';
    const { '/balance': balance } = document.paths;
    const made = httpReference(markdown, { ...document, paths: { '/balance': balance ?? {} } });
    expect(made).toBe(
      [
        '<!-- routes: Business -->',
        '| route | | scope | sent | answer |',
        '| --- | --- | --- | --- | --- |',
        '| `GET /balance` | Read the balances of the business | `balance:read` |  | `BusinessBalance` |',
        '<!-- end -->',
        'stays',
        '',
      ].join('\n'),
    );
  });
});
