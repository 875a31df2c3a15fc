import { describe, expect, it } from 'vitest';
import { asLost, ConnectionLost, explained, failureOf, PostgresStorageError } from './failure.js';

const said = (code: string, over = {}): Error =>
  Object.assign(new Error('duplicate key'), {
    code,
    severity: 'ERROR',
    detail: 'Key (digest)=(bbbb) exists.',
    ...over,
  });

describe('failureOf', () => {
  it.each([
    ['40001', 'conflict'],
    ['40P01', 'conflict'],
    ['23505', 'duplicate'],
    ['57P01', 'lost'],
    ['57P03', 'lost'],
    ['08006', 'lost'],
    ['23514', 'refused'],
    ['57014', 'refused'],
    ['42P01', 'refused'],
  ])('takes the SQLSTATE %s for "%s"', (code, expected) => {
    expect(failureOf(said(code))).toBe(expected);
  });

  it('takes what is no answer of the server for a lost connection, but not what could not be sent', () => {
    // EPIPE looks like a SQLSTATE.
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(failureOf(asLost(broken))).toBe('lost');
    expect(failureOf(asLost(new Error('Query read timeout')))).toBe('lost');
    expect(failureOf(asLost(new TypeError('count must be a number')))).toBe('refused');
    expect(failureOf(asLost(said('23505')))).toBe('duplicate');
  });
});

describe('explained', () => {
  it('says what to do and what is known, and leaves out the values', () => {
    const error = explained(said('23505', { constraint: 'bursar_api_key_digests_pkey' }), 'nothing was changed');
    expect(error).toBeInstanceOf(PostgresStorageError);
    expect(error).toMatchObject({ code: '23505' });
    expect(String(error)).toContain('(nothing was changed; PostgreSQL says: 23505, bursar_api_key_digests_pkey)');
    expect(String(error) + JSON.stringify(error)).not.toContain('bbbb');
  });

  it.each([
    ['55P03', 'lockTimeoutMs'],
    ['57014', 'statementTimeoutMs'],
    ['42P01', 'call migrate()'],
    ['42501', 'docs/guides/postgres.md'],
    ['25006', 'connect to the primary'],
    ['53300', 'connections'],
    ['XX000', 'PostgreSQL refused the statement'],
  ])('has advice for %s', (code, advice) => {
    expect(String(explained(said(code), 'nothing was changed'))).toContain(advice);
  });

  it('says why a connection was lost', () => {
    const error = explained(new ConnectionLost(new Error('ended by the network')), 'nothing was changed');
    expect(String(error)).toContain(
      'the connection to PostgreSQL was lost: ended by the network (nothing was changed)',
    );
  });
});
