import { StorageUnavailableError } from '@bursar/core';
import { describe, expect, it } from 'vitest';
import { answered, scene, until } from '../test/scene.js';
import { logsTo } from './logs.js';
import { observing } from './observer.js';

function logged() {
  const lines: [level: string, fields: Record<string, unknown>, message: string][] = [];
  const at = (level: string) => (fields: object, message: string) => {
    lines.push([level, fields as Record<string, unknown>, message]);
  };
  return { lines, logs: logsTo({ info: at('info'), warn: at('warn'), error: at('error') }) };
}

describe('logs', () => {
  it('have a line for an answer, with request id, route, status, time and key', () => {
    const { lines, logs } = logged();
    logs.onAnswer(answered({ durationMs: 1.23456 }));
    expect(lines).toEqual([
      [
        'info',
        {
          requestId: 'req_1',
          method: 'GET',
          route: 'GET /balance',
          path: '/balance',
          status: 200,
          ms: 1.235,
          businessId: 'biz_1',
          apiKeyId: 'key_1',
        },
        'GET /balance 200',
      ],
    ]);
  });

  it('say whose hash it was, that an answer is an earlier one, and what had no route', () => {
    const { lines, logs } = logged();
    logs.onAnswer(answered({ credential: { kind: 'payout_hash', id: 'usr_1' }, replayed: true }));
    logs.onAnswer(answered({ route: null, method: 'DELETE', status: 405, businessId: null, credential: null }));
    expect(lines).toMatchObject([
      ['info', { payoutUserId: 'usr_1', replayed: true }, 'GET /balance 200'],
      ['info', { route: null, businessId: null }, 'DELETE /balance 405'],
    ]);
  });

  it('have an answer that is a fault of ours as an error', () => {
    const { lines, logs } = logged();
    logs.onAnswer(answered({ status: 503 }));
    expect(lines.map(([level]) => level)).toEqual(['error']);
  });

  it('warn of credentials that were refused, with the reason and the request', async () => {
    const { lines, logs } = logged();
    const { send, key } = await scene(observing(logs));
    await send('GET /balance', { headers: { authorization: `Bearer ${key.slice(0, -1)}`, 'x-request-id': 'req_9' } });
    await until(() => lines.some(([, , message]) => message === 'GET /balance 401'), 'the answer is logged');
    expect(lines).toMatchObject([
      ['info', { type: 'api_key_issued', requestId: null }, 'api_key_issued'],
      ['warn', { reason: 'malformed', requestId: 'req_9' }, 'credential_refused'],
      ['info', { requestId: 'req_9', status: 401 }, 'GET /balance 401'],
    ]);
  });

  it('have the causes of a fault, cleaned', () => {
    const { lines, logs } = logged();
    const hash = 'f'.repeat(64);
    logs.onError(new StorageUnavailableError(new Error(`no row for ${hash}`)));
    logs.onError('a text');
    expect(lines).toMatchObject([
      ['error', { error: { name: 'StorageUnavailableError', cause: { message: 'no row for [redacted]' } } }, 'fault'],
      ['error', { error: 'a text' }, 'fault'],
    ]);
    expect(JSON.stringify(lines)).not.toContain(hash);
  });
});
