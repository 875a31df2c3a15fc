import { memoryStorage } from '@bursar/memory';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { logsTo, observing, pinoOptions } from '../src/index.js';
import { scene, until } from './scene.js';

describe('the log of an API', () => {
  it('has no credential in any line, whichever way one came in or a fault came out', async () => {
    const lines: string[] = [];
    const state: { failure?: Error } = {};
    const memory = memoryStorage();
    const storage = {
      ...memory,
      findAccounts(refs: Parameters<typeof memory.findAccounts>[0]) {
        if (state.failure !== undefined) throw state.failure;
        return memory.findAccounts(refs);
      },
    };
    const logger = pino(pinoOptions, { write: (line: string) => void lines.push(line) });
    const { send, key, hash, payouts } = await scene(observing(logsTo(logger)), { storage });
    const other = (await payouts.auth.apiKeys.issue({ businessId: 'biz_1', name: hash })).key;
    const bearer = { authorization: `Bearer ${key}` };

    await send('GET /balance', { headers: bearer });
    await send('GET /payout/balance', { query: { payout_hash: hash } });
    await send('POST /payout/withdraw', { json: { payout_hash: hash, amount: key } });
    await send(`GET /payout/users/${key}`, { headers: { ...bearer, 'x-request-id': key } });
    await send(`PATCH /payout/users/${hash}`, { headers: { ...bearer, 'x-request-id': hash }, json: { status: key } });
    await send('GET /payout/balance', { headers: { 'x-payout-hash': key } });
    await send('GET /balance', { headers: { authorization: `Bearer ${hash}` } });
    await send('GET /balance', { headers: { authorization: `Bearer ${other}`, 'x-forwarded-for': key } });
    state.failure = new Error(`GET /?payout_hash=${hash} failed for Bearer ${key}`, { cause: { key, hash } });
    await expect(send('GET /balance', { headers: bearer })).rejects.toThrow('Service unavailable');
    payouts.auth.context.onError(state.failure);
    logger.info({ req: { url: `/payout/balance?payout_hash=${hash}`, headers: bearer } }, `request with ${key}`);

    await until(() => lines.filter((line) => line.includes('"ms":')).length === 9, 'each answer is logged');
    for (const line of lines) {
      expect(JSON.parse(line)).toHaveProperty('level');
      for (const secret of [key, key.slice(-38), other, other.slice(-38), hash]) expect(line).not.toContain(secret);
    }
    expect(lines.join('')).toContain('[redacted]');
  });
});
