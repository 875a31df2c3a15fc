/** An Express request over loopback, with and without the guard: one server, two paths, connections that stay open. */
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requireApiKey } from '@bursar/express';
import express from 'express';
import { compare, type Way } from './side-by-side/compare.js';
import { scene } from './side-by-side/scene.js';

const { auth, key } = await scene();
const headers = { authorization: `Bearer ${key}` };

const app = express();
app.get('/bare', (_, response) => void response.json({ ok: true }));
app.get('/guarded', requireApiKey({ auth }), (_, response) => void response.json({ ok: true }));
const server = createServer(app);
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const { port } = server.address() as AddressInfo;
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function request(path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path, agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${path} answered ${response.statusCode}`));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

const requests = (path: string): Way => {
  return async (times) => {
    for (let i = 0; i < times; i++) await request(path);
  };
};

console.log(
  await compare({
    name: 'guarded Express request over loopback / bare route',
    ours: requests('/guarded'),
    theirs: requests('/bare'),
    limit: { kind: 'at most', ratio: 1.1 },
  }),
);
agent.destroy();
server.close();
