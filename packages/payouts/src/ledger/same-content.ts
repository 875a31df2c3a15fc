import type { Transfer } from '../storage.js';

/** Whether a transfer that is known by this id is the same order: every field, the request's digest too. */
export function sameContent(known: Transfer, sent: Transfer): boolean {
  return (
    known.debitAccountId === sent.debitAccountId &&
    known.creditAccountId === sent.creditAccountId &&
    known.amount === sent.amount &&
    known.code === sent.code &&
    known.phase === sent.phase &&
    known.pendingId === sent.pendingId &&
    known.timeoutSeconds === sent.timeoutSeconds &&
    known.reference === sent.reference &&
    known.requestDigest === sent.requestDigest &&
    sameMetadata(known.metadata, sent.metadata)
  );
}

function sameMetadata(known: Transfer['metadata'], sent: Transfer['metadata']): boolean {
  if (known === null || sent === null) return known === sent;
  const names = Object.keys(known);
  return (
    names.length === Object.keys(sent).length &&
    names.every((name) => Object.hasOwn(sent, name) && known[name] === sent[name])
  );
}
