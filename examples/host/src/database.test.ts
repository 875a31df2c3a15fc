import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Server, startServer } from '../../../packages/postgres/test/server.js';
import { openDatabase, shownName } from './database.js';

const business = {
  id: 'biz_1' as never,
  name: 'Business',
  mode: 'test',
  currency: 'USD',
  payoutsEnabled: true,
  createdAt: 1,
} as const;

let server: Server;
beforeAll(async () => {
  server = await startServer();
}, 60_000);
afterAll(() => server.stop());

describe('openDatabase', () => {
  it('makes its tables in the PostgreSQL database of a URL, and finds there what it kept', async () => {
    const first = await openDatabase(server.url);
    await first.createBusiness(business);
    await first.close();
    const second = await openDatabase(server.url.replace('postgres:', 'postgresql:'));
    expect(await second.findBusiness(business.id)).toEqual(business);
    await second.close();
  });

  it('opens a SQLite database for everything else', async () => {
    const storage = await openDatabase(':memory:');
    expect(await storage.findBusiness(business.id)).toBeNull();
    await storage.close();
  });
});

describe('shownName', () => {
  it.each([
    ['/data/bursar.db', '/data/bursar.db'],
    ['postgres://user:of-a-test@localhost:5432/pay', 'PostgreSQL (localhost:5432/pay)'],
    ['postgres://user:of-a-test@@localhost/pay', 'PostgreSQL (localhost/pay)'],
    ['postgresql:///pay?host=/run/postgresql&password=of-a-test', 'PostgreSQL (/pay)'],
    ['postgres://user:of-a-test@local host/pay', 'PostgreSQL'],
  ])('of %s is %s', (database, name) => {
    expect(shownName(database)).toBe(name);
  });
});
