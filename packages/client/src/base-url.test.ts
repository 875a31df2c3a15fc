import { describe, expect, it } from 'vitest';
import { baseUrlOf } from './base-url.js';

describe('the base URL', () => {
  it.each([
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/v1/', 'https://api.example.com/v1'],
    ['https://api.example.com:8443/a/b//', 'https://api.example.com:8443/a/b'],
    ['http://localhost:8787/v1', 'http://localhost:8787/v1'],
    ['http://app.localhost', 'http://app.localhost'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://0x7f000001/', 'http://127.0.0.1'],
    ['http://[::1]:1/v1', 'http://[::1]:1/v1'],
  ])('%s is %s', (given, expected) => {
    expect(baseUrlOf(given, false)).toBe(expected);
  });

  it.each([
    '/v1',
    '',
    'api.example.com',
    'http://api.example.com',
    'http://localhost.example.com',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'ftp://localhost',
    'javascript:alert(1)',
    'https://ann:secret@api.example.com',
    'https://api.example.com/?key=1',
    'https://api.example.com/#x',
  ])('%s is refused, and not repeated', (given) => {
    const read = () => baseUrlOf(given, false);
    expect(read).toThrow(/^baseUrl must/);
    expect(read).not.toThrow(/secret|key=1/);
  });

  it('is http elsewhere where that is allowed', () => {
    expect(baseUrlOf('http://payouts.internal/v1', true)).toBe('http://payouts.internal/v1');
    expect(() => baseUrlOf('ftp://payouts.internal', true)).toThrow(TypeError);
  });
});
