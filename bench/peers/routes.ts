/** A route behind a guard: on Hono in process, on Express over loopback. */
import { Agent, createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { requireApiKey as expressGuard } from '@bursar/express';
import { requireApiKey as honoGuard } from '@bursar/hono';
import express, { type RequestHandler } from 'express';
import { Hono, type MiddlewareHandler } from 'hono';
import { bearerAuth } from 'hono/bearer-auth';
import type { BursarKeyCheck, KeyCheck } from './key-check.js';

/** Asks for the route with a key, and answers with the status. */
export type Ask = (key: string) => Promise<number> | number;

const headersWith = (key: string): Record<string, string> => ({ authorization: `Bearer ${key}` });

function onHono(guard: MiddlewareHandler): Ask {
  const app = new Hono().get('/', guard, (c) => c.json({ ok: true }));
  return async (key) => {
    const response = await app.request('/', { headers: headersWith(key) });
    await response.arrayBuffer();
    return response.status;
  };
}

/** `requireApiKey` on Hono. */
export const bursarOnHono = ({ auth }: BursarKeyCheck): Ask => onHono(honoGuard({ auth }));

/** `hono/bearer-auth` with the keys themselves in its list, which it goes through until one fits. */
export const bearerList = ({ keys }: KeyCheck): Ask => onHono(bearerAuth({ token: [...keys] }));

/** `hono/bearer-auth` as the reader of the header, with a look-up of one's own behind it. */
export const bearerLookUp = (check: KeyCheck): Ask =>
  onHono(bearerAuth({ verifyToken: async (key) => check.accepts(key) }));

/** Servers over loopback, on connections that stay open. */
export class Loopback {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #closing: (() => void)[] = [];

  /** A route of Express behind a guard. */
  async serve(guard: RequestHandler): Promise<Ask> {
    const server = createServer(express().get('/', guard, (_, response) => void response.json({ ok: true })));
    // A slow task of others may keep a connection idle for longer than the server's five seconds.
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#closing.push(() => void server.close());
    const { port } = server.address() as AddressInfo;
    return (key) =>
      new Promise((resolve, reject) => {
        const asked = { host: '127.0.0.1', port, path: '/', agent: this.#agent, headers: headersWith(key) };
        get(asked, (response) => {
          response.resume().on('end', () => resolve(response.statusCode ?? 0));
        }).on('error', reject);
      });
  }

  close(): void {
    this.#agent.destroy();
    for (const close of this.#closing) close();
  }
}

/** `requireApiKey` on Express. */
export const bursarGuard = ({ auth }: BursarKeyCheck): RequestHandler => expressGuard({ auth });

/** The middleware written by hand. */
export const guardByHand =
  (check: KeyCheck): RequestHandler =>
  (request, response, next) => {
    const key = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (key !== undefined && check.accepts(key) === true) next();
    else response.status(401).json({ error: 'unauthorized' });
  };
