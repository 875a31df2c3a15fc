import type { PayoutUser } from '@bursar/core';
import { csvRow, type Operation, type Payouts } from '@bursar/payouts';
import { BUSINESS, type Call, type Command } from '../command.js';
import { CliError } from '../exit.js';
import { done } from '../outcome.js';
import { businessSide } from '../preconditions.js';
import { time, wire } from '../print.js';
import { type Sink, sinkOf } from '../sink.js';

const PAGE = 100;

/** Writes the operations of payout users. */
export const exportOperations: Command = {
  name: 'export',
  about: 'Writes the operations of all payout users of a business, each user newest first.',
  operands: [],
  options: {
    business: BUSINESS,
    output: { value: '<file>', about: 'a file that is not there yet; - for the standard output', required: true },
    format: { value: '<csv|jsonl>', about: 'csv, or JSON lines; csv, where it is left out' },
  },
  async run(call) {
    const format = call.text('format') ?? 'csv';
    const form = FORMS[format];
    if (form === undefined) throw new CliError('usage', '--format must be csv or jsonl.');
    const payouts = await call.payouts();
    const { id: businessId } = await businessSide(call, payouts);
    const output = call.needed('output');
    const sink = await sinkOf(output, call.io);
    try {
      const counts = await write(call, payouts, businessId, form, sink);
      await sink.end();
      if (output === '-') return null;
      const text = `${output}: ${counts.operations} operations of ${counts.users} payout users.\n`;
      return { json: { file: output, ...counts }, text };
    } finally {
      await sink.close();
    }
  },
};

interface Form {
  readonly head: string;
  row(user: PayoutUser, operation: Operation): string;
}

const COLUMNS =
  'payout_user_id email id type phase direction amount currency reference metadata pending_id created_at'.split(' ');

const FORMS: Readonly<Record<string, Form>> = {
  csv: {
    head: csvRow(COLUMNS),
    row: ({ id, email }, { metadata, createdAt, ...operation }) =>
      csvRow([
        ...[id, email, operation.id, operation.type, operation.phase, operation.direction, operation.amount],
        ...[operation.currency, operation.reference, metadata === null ? null : JSON.stringify(metadata)],
        ...[operation.pendingId, time(createdAt)],
      ]),
  },
  jsonl: {
    head: '',
    row: ({ id, email }, operation) =>
      `${JSON.stringify({ payout_user_id: id, email, ...(wire(operation) as object) })}\n`,
  },
};

async function write(call: Call, payouts: Payouts, businessId: string, form: Form, sink: Sink) {
  let total = 0;
  for await (const page of pages(payouts, businessId)) total += page.length;
  const bar = call.bar('Payout users', total);
  let users = 0;
  let operations = 0;
  try {
    await sink.write(form.head);
    for await (const page of pages(payouts, businessId)) {
      // All together, since storage answers many in one go; then, for the few with more than one page, the rest.
      const firsts = await Promise.all(page.map((user) => operationsOf(payouts, user, undefined)));
      for (const [index, user] of page.entries()) {
        for (let found = firsts[index]; found !== undefined; ) {
          for (const operation of found.items) await sink.write(form.row(user, operation));
          operations += found.items.length;
          found = found.nextCursor === null ? undefined : await operationsOf(payouts, user, found.nextCursor);
        }
        users += 1;
      }
      bar.at(users);
    }
  } finally {
    bar.end();
  }
  return { users, operations };
}

async function* pages({ auth }: Payouts, businessId: string): AsyncGenerator<readonly PayoutUser[]> {
  for (let after: string | undefined; ; ) {
    const page = await auth.payoutUsers.list({ businessId, after, limit: PAGE });
    yield page;
    after = page.at(-1)?.id;
    if (page.length < PAGE) return;
  }
}

async function operationsOf(payouts: Payouts, { businessId, id }: PayoutUser, cursor: string | undefined) {
  return done(await payouts.operations({ businessId, payoutUserId: id, cursor, limit: PAGE }));
}
