import { describe, expect, it } from 'vitest';
import { databaseOf, secretsOf, shownName } from './settings.js';

describe('the database', () => {
  it('of the command line comes before that of the environment', () => {
    expect(databaseOf('a.db', { BURSAR_DATABASE: 'b.db' })).toBe('a.db');
    expect(databaseOf(undefined, { BURSAR_DATABASE: 'postgres://ann:of-a-test@host/pay' })).toMatch(/^postgres:/);
    expect(databaseOf('postgres://ann@host/pay?sslmode=verify-full', {})).toMatch(/^postgres:/);
  });

  it.each([
    'postgres://ann:of-a-test@host/pay',
    'postgresql://host/pay?password=of-a-test',
    'postgres://ann:of-a-test@local host/pay',
  ])('is refused on the command line with a password: %s', (url) => {
    expect(() => databaseOf(url, {})).toThrow(/^--database must not have a password(?!.*of-a-test)/);
  });

  it.each([
    ['/data/bursar.db', '/data/bursar.db'],
    ['postgres://user:of-a-test@localhost:5432/pay', 'PostgreSQL (localhost:5432/pay)'],
    ['postgresql:///pay?host=/run/postgresql&password=of-a-test', 'PostgreSQL (/pay)'],
    ['postgres://user:of-a-test@local host/pay', 'PostgreSQL'],
    ['postgres://user:1234/of-a-test@localhost/pay', 'PostgreSQL'],
    ['postgres://postgres://user:of-a-test@localhost/pay', 'PostgreSQL'],
  ])('%s is called %s', (database, name) => {
    expect(shownName(database)).toBe(name);
  });
});

describe('the secret', () => {
  it('is one, or several', () => {
    expect(secretsOf({ BURSAR_SECRET: 'a' })).toEqual({ secret: 'a' });
    const secrets = [{ id: '2026', secret: 'b' }];
    expect(secretsOf({ BURSAR_SECRET: 'a', BURSAR_SECRETS: JSON.stringify(secrets) })).toEqual({ secrets });
  });

  it.each(['{', '{}', '"a"', 'of-a-test'])('is not repeated where it cannot be read: %s', (BURSAR_SECRETS) => {
    expect(() => secretsOf({ BURSAR_SECRETS })).toThrow(/^BURSAR_SECRETS must be JSON(?!.*of-a-test)/);
  });
});
