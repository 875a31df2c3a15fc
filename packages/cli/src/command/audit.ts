import { auditLines, type Payouts, verifyAuditLog } from '@bursar/payouts';
import type { AuditRecord } from '@bursar/payouts/storage';
import { BUSINESS, type Command } from '../command.js';
import { CliError, EXIT } from '../exit.js';
import { businessSide } from '../preconditions.js';
import { wire } from '../print.js';
import { sinkOf } from '../sink.js';

/** Proves the audit log. */
export const verifyAudit: Command = {
  name: 'audit verify',
  about: 'Makes the hash chain of an audit log again, and names the first entry that is missing or was changed.',
  operands: [],
  options: {
    business: BUSINESS,
    head: { value: '<hash>', about: 'what an earlier proof has ended with: finds entries that were cut off, too' },
  },
  async run(call) {
    const payouts = await call.payouts();
    const { id } = await businessSide(call, payouts);
    const head = call.text('head');
    if (head !== undefined && !/^[0-9a-f]{64}$/.test(head)) {
      throw new CliError('usage', '--head must be 64 hexadecimal digits.');
    }
    const expectedHead = head as AuditRecord['hash'] | undefined;
    const report = await verifyAuditLog(payouts.context.storage, id, { expectedHead });
    if (report.ok) {
      const text = `The log is whole: ${report.entries} entries.\nKeep its head where no one can change it: ${report.head}\n`;
      return { json: wire(report), text };
    }
    const { sequence, problem } = report;
    return { json: wire(report), text: `WRONG: entry ${sequence} of ${id}: ${problem}\n`, exitCode: EXIT.wrong };
  },
};

/** Writes the audit log. */
export const exportAudit: Command = {
  name: 'audit export',
  about: 'Writes an audit log as JSON lines, the oldest first, each with the hashes that prove it.',
  operands: [],
  options: {
    business: BUSINESS,
    output: { value: '<file>', about: 'a file that is not there yet; - for the standard output', required: true },
  },
  async run(call) {
    const payouts = await call.payouts();
    const { id } = await businessSide(call, payouts);
    const output = call.needed('output');
    const sink = await sinkOf(output, call.io);
    try {
      const bar = call.bar('Entries', await entriesOf(payouts, id));
      let entries = 0;
      try {
        for await (const line of auditLines(payouts, { businessId: id })) {
          await sink.write(line);
          bar.at(++entries);
        }
      } finally {
        bar.end();
      }
      await sink.end();
      return output === '-' ? null : { json: { file: output, entries }, text: `${output}: ${entries} entries.\n` };
    } finally {
      await sink.close();
    }
  },
};

async function entriesOf({ audit }: Payouts, businessId: string): Promise<number> {
  const newest = await audit.list({ businessId, limit: 1 });
  return newest.ok ? (newest.value.items[0]?.sequence ?? 0) : 0;
}
