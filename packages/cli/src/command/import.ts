import type { Business, PayoutUser } from '@bursar/core';
import { MAX_AMOUNT, type Payouts } from '@bursar/payouts';
import { BUSINESS, type Call, type Command } from '../command.js';
import { CliError, given } from '../exit.js';
import { type ImportFile, type ImportRow, readImportFile, wrongFile } from '../import-file.js';
import { done, refusalText } from '../outcome.js';
import { businessSide, checkSecret } from '../preconditions.js';

/** As many as the ledger applies in one go. */
const AT_ONCE = 256;

/** Takes over the payout users that a business already has. */
export const importUsers: Command = {
  name: 'import',
  about:
    'Opens a payout user for each line of a list and gives each its balance. The whole list is checked before anything is written; the same file again goes on where it stopped.',
  operands: ['<file>'],
  options: {
    business: BUSINESS,
    fund: { about: 'book the sum of the file as a deposit first, and set it aside for payouts' },
    'add-to-existing': { about: 'take addresses that payout users have already: the balance is added to theirs' },
  },
  async run(call) {
    const [path = ''] = call.operands;
    const file = readImportFile(path, call.io.directory);
    const payouts = await call.payouts();
    const business = await businessSide(call, payouts);
    if (!business.payoutsEnabled) throw new CliError('refused', `Payouts are switched off for ${business.id}.`);
    await checkSecret(payouts);
    const open = await stillToDo(call, payouts, business, file);
    const amount = sumOf(open);
    if (!call.has('fund')) await checkFunds(payouts, business, amount);
    const { id: businessId, currency } = business;
    const summary = `${open.length} payout users of ${businessId} get ${amount} ${currency} in all (smallest unit)`;
    if (open.length > 0) {
      await call.confirm(`${summary}.`);
      if (call.has('fund')) await fund(payouts, businessId, file);
      await checkFunds(payouts, business, amount);
      await write(call, payouts, businessId, file, open);
    }
    const counts = { imported: open.length, amount, already: file.rows.length - open.length };
    return {
      json: { digest: file.digest, ...counts },
      text: `${counts.imported} payout users were imported, with ${amount} ${currency}; ${counts.already} were before.\n`,
    };
  },
};

/** The rows that this file has not imported before. @throws {CliError} with the lines whose users are in the way. */
async function stillToDo(
  call: Call,
  payouts: Payouts,
  { id: businessId }: Business,
  file: ImportFile,
): Promise<readonly ImportRow[]> {
  const problems: [line: number, text: string][] = [];
  const open: ImportRow[] = [];
  const bar = call.bar('Checking', file.rows.length);
  let checked = 0;
  const check = async (row: ImportRow): Promise<void> => {
    const user = await payouts.auth.payoutUsers.findByEmail({ businessId, email: row.email });
    if (user === null) open.push(row);
    else if (row.balance === 0 || (await wasImported(payouts, user, markOf(file, row)))) {
      // It is there, and nothing is to be added.
    } else if (user.status === 'closed') {
      problems.push([row.line, 'The email belongs to a payout user who is closed.']);
    } else if (call.has('add-to-existing')) open.push(row);
    else problems.push([row.line, 'The email belongs to a payout user who is there already; see --add-to-existing.']);
    bar.at(++checked);
  };
  await each(file.rows, check).finally(bar.end);
  const byLine = (a: readonly [number, ...unknown[]], b: readonly [number, ...unknown[]]): number => a[0] - b[0];
  if (problems.length > 0) throw wrongFile(problems.sort(byLine).map(([line, text]) => `line ${line}: ${text}`));
  return open.sort((a, b) => a.line - b.line);
}

/** Whether the user's history has the payment of this row. */
async function wasImported(payouts: Payouts, { businessId, id }: PayoutUser, mark: string): Promise<boolean> {
  for (let cursor: string | undefined; ; ) {
    const page = done(await payouts.operations({ businessId, payoutUserId: id, cursor, limit: 100 }));
    if (page.items.some(({ metadata }) => metadata?.import === mark)) return true;
    if (page.nextCursor === null) return false;
    cursor = page.nextCursor;
  }
}

function markOf({ digest }: ImportFile, { line }: ImportRow): string {
  return `${digest}:${line}`;
}

async function checkFunds(payouts: Payouts, { id: businessId }: Business, amount: number): Promise<void> {
  const { payoutBalance } = await payouts.balance({ businessId });
  if (payoutBalance >= amount) return;
  throw new CliError(
    'refused',
    `The payout balance of ${businessId} is ${payoutBalance}, and the file needs ${amount}: fund it, or say --fund.`,
  );
}

/** One file is one deposit, however often it is tried. */
async function fund(payouts: Payouts, businessId: string, file: ImportFile): Promise<void> {
  let rest = sumOf(file.rows);
  for (let part = 1; rest > 0; part++) {
    const amount = Math.min(rest, MAX_AMOUNT);
    const idempotencyKey = `import:${file.digest}:part:${part}`;
    const order = { businessId, amount, reference: 'Import', idempotencyKey };
    done(await payouts.deposit(order));
    done(await payouts.fund(order));
    rest -= amount;
  }
}

async function write(
  call: Call,
  payouts: Payouts,
  businessId: string,
  file: ImportFile,
  rows: readonly ImportRow[],
): Promise<void> {
  const bar = call.bar('Importing', rows.length);
  let written = 0;
  const importRow = async (row: ImportRow): Promise<void> => {
    const { email, balance: amount, reference } = row;
    if (amount === 0) await given(() => payouts.auth.payoutUsers.open({ businessId, email }));
    else {
      const mark = markOf(file, row);
      const order = { businessId, email, amount, reference, metadata: { import: mark } };
      const outcome = await payouts.create({ ...order, idempotencyKey: `import:${mark}` });
      if (!outcome.ok) {
        throw new CliError(
          'refused',
          `line ${row.line}: ${refusalText(outcome.error.body)} Lines before it may be imported: the same command goes on there.`,
        );
      }
    }
    bar.at(++written);
  };
  await each(rows, importRow).finally(bar.end);
}

function sumOf(rows: readonly ImportRow[]): number {
  return rows.reduce((sum, { balance }) => sum + balance, 0);
}

/** Does all, many at once. After a failure nothing new is begun, and what was begun is waited for. */
async function each(rows: readonly ImportRow[], work: (row: ImportRow) => Promise<void>): Promise<void> {
  const queue = rows.values();
  let failed = false;
  const worker = async (): Promise<void> => {
    for (const row of queue) {
      if (failed) return;
      await work(row).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, worker));
  const end = ends.find(({ status }) => status === 'rejected');
  if (end?.status === 'rejected') throw end.reason;
}
