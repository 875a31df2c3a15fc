import { randomBytes } from 'node:crypto';
import { digest } from '@bursar/core';

const TOKEN = /^[A-Za-z0-9_-]{43}$/;

/** A secret of 256 bits that its bearer is known by. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What storage knows a token by; `undefined` for what can be no token. */
export function tokenId(token: unknown): string | undefined {
  return typeof token === 'string' && TOKEN.test(token) ? digest(token) : undefined;
}
