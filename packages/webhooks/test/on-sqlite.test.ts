import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPayouts } from '@bursar/payouts';
import { openSqliteStorage } from '@bursar/sqlite';
import { afterAll, expect, it } from 'vitest';
import { BIZ, SECRET, webhookScene } from './webhook-scene.js';

const folder = mkdtempSync(join(tmpdir(), 'bursar-webhooks-'));
afterAll(() => rmSync(folder, { recursive: true }));

it('two processes on one SQLite file lose no delivery, send none twice, and keep the order, where one in three fails', {
  timeout: 60_000,
}, async () => {
  const path = join(folder, 'bursar.db');
  const scene = await webhookScene({
    storage: async (now) => openSqliteStorage({ path, now }),
    retrySeconds: Array.from({ length: 50 }, () => 5),
    random: () => 0,
  });
  const now = (): number => scene.clock.now;
  const storage = await openSqliteStorage({ path, now });
  const other = scene.process({ payouts: createPayouts({ storage, secret: SECRET, now, events: true }) });
  await scene.endpoint('/', { types: ['withdrawal.created', 'withdrawal.succeeded', 'withdrawal.returned'] });
  for (let user = 0; user < 20; user++) {
    const id = await scene.withdraw(await scene.pay(`user${user}@example.com`));
    await scene.settle(id);
    await scene.payouts.withdrawals.return({ businessId: BIZ, id, actor: 'ann@ops', reason: 'It came back.' });
  }

  const taken = new Map<string, number[]>();
  let requests = 0;
  scene.receiver.otherwise = (response) => {
    if (++requests % 3 === 0) return void response.writeHead(503).end();
    const { withdrawal } = scene.receiver.received.at(-1)?.event.data ?? {};
    const { id, version } = withdrawal as { readonly id: string; readonly version: number };
    taken.set(id, [...(taken.get(id) ?? []), version]);
    response.writeHead(204).end();
  };
  for (let sent = 1; sent > 0; scene.clock.now += 5000) {
    const both = await Promise.all([scene.webhooks.runDue(), other.runDue()]);
    sent = both[0] + both[1];
  }
  await storage.close();
  expect([...taken.values()]).toEqual(Array.from({ length: 20 }, () => [0, 1, 2]));
  expect(requests).toBe(89); // 60 taken, and each third one failed
  expect((await scene.deliveries()).every(({ status }) => status === 'succeeded')).toBe(true);
  expect(scene.errors).toEqual([]);
});
