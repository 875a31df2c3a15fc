/** A Hono request in process, with and without the guard. */
import { requireApiKey } from '@bursar/hono';
import { Hono } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import { compare, type Way } from './side-by-side/compare.js';
import { scene } from './side-by-side/scene.js';

const { auth, key } = await scene();
const headers = { authorization: `Bearer ${key}` };

const bare = new Hono().get('/', (c) => c.json({ ok: true }));
const guarded = new Hono().get('/', requireApiKey({ auth }), (c) => c.json({ ok: true }));
const bearer = new Hono().use(bearerAuth({ token: key })).get('/', (c) => c.json({ ok: true }));

const requests = (app: { request: Hono['request'] }): Way => {
  return async (times) => {
    for (let i = 0; i < times; i++) {
      const response = await app.request('/', { headers });
      if (response.status !== 200) throw new Error(`answered ${response.status}`);
    }
  };
};

console.log(
  await compare({
    name: 'guarded Hono request / bare route',
    ours: requests(guarded),
    theirs: requests(bare),
    limit: { kind: 'at most', ratio: 1.35 },
  }),
);
console.log(
  await compare({
    name: 'guarded Hono request / `hono/bearer-auth`',
    ours: requests(guarded),
    theirs: requests(bearer),
    limit: { kind: 'at most', ratio: 0.2 },
  }),
);
