/** An Express request over loopback, with and without the guard: a server each, so that both routes are found alike. */
import { Agent, createServer, get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requireApiKey } from '@bursar/express';
import express from 'express';
import { compare, type Way } from './side-by-side/compare.js';
import { scene } from './side-by-side/scene.js';

const { auth, key } = await scene();
const headers = { authorization: `Bearer ${key}` };

const bare = express().get('/', (_, response) => void response.json({ ok: true }));
const guarded = express().get('/', requireApiKey({ auth }), (_, response) => void response.json({ ok: true }));
const servers = [createServer(bare), createServer(guarded)] as const;
for (const server of servers) await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const agent = new Agent({ keepAlive: true, maxSockets: 1 });

function request(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    get({ host: '127.0.0.1', port, path: '/', agent, headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`the server answered ${response.statusCode}`));
      response.resume().on('end', resolve);
    }).on('error', reject);
  });
}

function requests(server: Server): Way {
  const { port } = server.address() as AddressInfo;
  return async (times) => {
    for (let i = 0; i < times; i++) await request(port);
  };
}

console.log(
  await compare({
    name: 'guarded Express request over loopback / bare route',
    ours: requests(servers[1]),
    theirs: requests(servers[0]),
    limit: { kind: 'at most', ratio: 1.1 },
  }),
);
agent.destroy();
for (const server of servers) server.close();
