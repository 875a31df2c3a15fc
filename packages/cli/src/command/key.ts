import type { ApiKey, IssuedApiKey } from '@bursar/core';
import { type Answer, BUSINESS, type Command, type Option } from '../command.js';
import { CliError, given } from '../exit.js';
import { businessSide } from '../preconditions.js';
import { list, table, time, wire } from '../print.js';

const PREFIX: Option = { value: '<text>', about: 'what keys begin with, where your server has a prefix of its own' };

/** Issues a key. */
export const createKey: Command = {
  name: 'key create',
  about: 'Issues an API key, and shows it this once.',
  operands: [],
  options: {
    business: BUSINESS,
    name: { value: '<text>', about: 'for people', required: true },
    scope: {
      value: '<scope>',
      about: 'what it may do, such as payouts:write; all, where none is given',
      multiple: true,
    },
    from: {
      value: '<network>',
      about: 'where it may be used from, such as 192.0.2.0/24; everywhere, where none is given',
      multiple: true,
    },
    publishable: { about: 'may be shown in a browser, and has no scope but those that are given' },
    expires: { value: '<time>', about: 'ISO 8601 with its offset; never, where it is left out' },
    prefix: PREFIX,
  },
  async run(call) {
    const payouts = await call.payouts({ prefix: call.text('prefix') });
    const { id: businessId } = await businessSide(call, payouts);
    const scopes = call.texts('scope');
    const networks = call.texts('from');
    const expires = call.text('expires');
    const issued = await given(() =>
      payouts.auth.apiKeys.issue({
        businessId,
        name: call.needed('name'),
        ...(scopes.length === 0 ? {} : { scopes }),
        allowedAddresses: networks.length === 0 ? null : networks,
        kind: call.has('publishable') ? 'publishable' : 'secret',
        expiresAt: expires === undefined ? null : timeOf(expires),
      }),
    );
    return shownOnce(issued);
  },
};

/** Lists keys. */
export const listKeys: Command = {
  name: 'key list',
  about: 'Lists the API keys of a business, none of which can be shown again.',
  operands: [],
  options: { business: BUSINESS },
  async run(call) {
    const payouts = await call.payouts();
    const { id: businessId } = await businessSide(call, payouts);
    const keys: ApiKey[] = [];
    for (let after: string | undefined; ; ) {
      const page = await payouts.auth.apiKeys.list({ businessId, after, limit: 100 });
      keys.push(...page);
      after = page.at(-1)?.id;
      if (page.length < 100) break;
    }
    return {
      json: wire({ items: keys }),
      text: table(
        ['ID', 'KEY', 'NAME', 'SCOPES', 'LAST USED', 'EXPIRES', 'REVOKED'],
        keys.map((key) => [
          key.id,
          key.hint,
          key.name,
          key.scopes.join(' '),
          time(key.lastUsedAt),
          time(key.expiresAt),
          time(key.revokedAt),
        ]),
      ),
    };
  },
};

/** Puts another key in a key's place. */
export const rotateKey: Command = {
  name: 'key rotate',
  about: 'Issues a successor of an API key, and shows it this once. The old one ends after the overlap.',
  operands: ['<id>'],
  options: {
    business: BUSINESS,
    overlap: { value: '<seconds>', about: 'how long the old key still works, at most 30 days', required: true },
    prefix: PREFIX,
  },
  async run(call) {
    const payouts = await call.payouts({ prefix: call.text('prefix') });
    const { id: businessId } = await businessSide(call, payouts);
    const [id = ''] = call.operands;
    const overlap = call.needed('overlap');
    if (!/^\d{1,9}$/.test(overlap)) throw new CliError('usage', '--overlap must be a number of seconds.');
    const end = overlap === '0' ? 'at once' : `in ${overlap} seconds`;
    await call.confirm(`The key ${id} of ${businessId} will end ${end}.`);
    const rotate = () => payouts.auth.apiKeys.rotate({ businessId, id, overlapSeconds: Number(overlap) });
    const rotated = await given(rotate);
    if (rotated.status === 'rotated') return shownOnce(rotated.issued);
    if (rotated.status === 'not_found') throw unknownKey(id, businessId);
    throw new CliError('refused', `The key ${id} is revoked, expired, or rotated before.`);
  },
};

/** Ends a key. */
export const revokeKey: Command = {
  name: 'key revoke',
  about: 'Ends an API key, at once and for good.',
  operands: ['<id>'],
  options: { business: BUSINESS },
  async run(call) {
    const payouts = await call.payouts();
    const { id: businessId } = await businessSide(call, payouts);
    const [id = ''] = call.operands;
    const known = await payouts.auth.apiKeys.find({ businessId, id });
    if (known === null) throw unknownKey(id, businessId);
    await call.confirm(
      `The key ${id} (${known.hint}, ${JSON.stringify(known.name)}) of ${businessId} will end at once.`,
    );
    const revoked = await payouts.auth.apiKeys.revoke({ businessId, id });
    if (revoked === null) throw unknownKey(id, businessId);
    return { json: wire(revoked), text: `The key ${id} is revoked since ${time(revoked.revokedAt)}.\n` };
  },
};

function unknownKey(id: string, businessId: string): CliError {
  return new CliError('refused', `There is no key ${id} of ${businessId}.`);
}

function shownOnce({ key, apiKey }: IssuedApiKey): Answer {
  const { id, name, scopes, allowedAddresses, expiresAt } = apiKey;
  const from = allowedAddresses?.join(' ') ?? 'everywhere';
  return {
    json: { ...(wire(apiKey) as object), key },
    text: `${list({ id, name, scopes: scopes.join(' '), from, expires: time(expiresAt) })}\n${key}\n\nIt cannot be shown again.\n`,
  };
}

/** @throws {CliError} */
function timeOf(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new CliError('usage', '--expires must be like 2027-01-01T00:00:00Z.');
  return at;
}
