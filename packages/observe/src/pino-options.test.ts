import { generateApiKey } from '@bursar/core';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { pinoOptions } from './pino-options.js';

const { key } = generateApiKey({ mode: 'live' });
const hash = '0123456789abcdef'.repeat(4);
const signature = 'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=';

function logger() {
  const lines: string[] = [];
  return { lines, log: pino(pinoOptions, { write: (line: string) => void lines.push(line) }) };
}

describe('a pino logger with these options', () => {
  it.each<[string, object]>([
    ['headers of a request', { req: { headers: { authorization: `Bearer ${key}`, 'x-payout-hash': hash } } }],
    ['headers by themselves', { headers: { authorization: 'Basic dTpw', 'webhook-signature': signature } }],
    ['headers of an answer', { res: { headers: { 'webhook-signature': signature } } }],
    ['a body', { req: { body: { payout_hash: hash, amount: 5 } } }],
    ['a body by itself', { body: { payout_hash: 'half a hash' } }],
    ['a URL', { req: { url: `/payout/balance?payout_hash=${hash}&limit=2` } }],
    ['a key in a URL', { url: `/x?key=${key}` }],
    ['a field of any name', { note: `the key is ${key}` }],
    ['an error', { err: new Error(`no user has the hash ${hash}`, { cause: new Error(`key ${key}`) }) }],
    ['a deep place', { a: { b: { c: [{ d: `Bearer ${key}` }] } } }],
    ['a text that ends a string', { a: `Bearer ${key}\\", "level": 60, "b": "?payout_hash=${hash}"` }],
  ])('writes no credential of %s, and writes JSON', (_, fields) => {
    const { lines, log } = logger();
    log.info(fields, `sent ${hash}`);
    expect(lines).toHaveLength(1);
    const [line = ''] = lines;
    expect(line.endsWith('}\n')).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ level: 30, msg: 'sent [redacted]' });
    for (const secret of [hash, key, key.slice(-38), signature, 'dTpw', 'half a hash']) {
      expect(line).not.toContain(secret);
    }
  });

  it('writes everything else as it was', () => {
    const { lines, log } = logger();
    log.warn({ requestId: 'req_1', amount: 5, list: [1, null, true], nested: { a: 'b' } }, 'a line');
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 40,
      requestId: 'req_1',
      amount: 5,
      list: [1, null, true],
      nested: { a: 'b' },
      msg: 'a line',
    });
  });

  it('cleans a line that is no JSON as text', () => {
    expect(pinoOptions.hooks.streamWrite(`plain ${hash}\n`)).toBe('plain [redacted]\n');
  });
});
