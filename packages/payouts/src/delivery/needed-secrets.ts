import type { Timestamp } from '@bursar/core/storage';
import type { SealedSecret } from './record.js';

/** What `Seal` makes. The id of a secret may have dots; what comes after it has none. */
export const SEALED = /^v1\.(.+)\.([A-Za-z0-9_-]+)$/;

/** A configured secret, and until when it has to open what is sealed with it; `null` for without end. */
export interface NeededSecret {
  readonly secretId: string;
  readonly until: Timestamp | null;
}

/** For adapters: the configured secrets that an endpoint's signing secrets are sealed with, each once. */
export function neededSecrets(secrets: readonly SealedSecret[]): NeededSecret[] {
  const needed = new Map<string, Timestamp | null>();
  for (const { sealed, expiresAt } of secrets) {
    const secretId = SEALED.exec(sealed)?.[1];
    if (secretId === undefined) continue;
    const known = needed.get(secretId);
    const isLater = known === undefined || (known !== null && (expiresAt === null || expiresAt > known));
    if (isLater) needed.set(secretId, expiresAt);
  }
  return Array.from(needed, ([secretId, until]) => ({ secretId, until }));
}
