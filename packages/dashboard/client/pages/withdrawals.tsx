import { usePages } from '../load.js';
import type { PageProps, Withdrawal } from '../model.js';
import { Foreign, Status, Table, When } from '../parts/show.js';
import { go, urlOf } from '../place.js';
import { money, words } from '../text.js';

const STATUSES = [
  'review',
  'queued',
  'sending',
  'processing',
  'unknown',
  'succeeded',
  'failed',
  'rejected',
  'returned',
] as const;

/** All withdrawals, or those that stand in one place. */
export function Withdrawals({ side, query }: PageProps) {
  const status = query.get('status') ?? '';
  const list = usePages<Withdrawal>(`/${side}/payout/withdrawals${status === '' ? '' : `?status=${status}`}`);
  return (
    <>
      <search>
        <div class="filter">
          <label for="status">Show</label>
          <select
            id="status"
            onChange={({ currentTarget }) => {
              const chosen = currentTarget.value;
              go(urlOf(side, 'withdrawals') + (chosen === '' ? '' : `?status=${chosen}`));
            }}
          >
            <option value="" selected={status === ''}>
              All
            </option>
            {STATUSES.map((option) => (
              <option key={option} value={option} selected={status === option}>
                {words(option)}
              </option>
            ))}
          </select>
        </div>
      </search>
      <Table
        label="Withdrawals"
        {...list}
        idOf={({ id }) => id}
        empty="There are none."
        columns={[
          [
            'Amount',
            ({ id, amount, currency }) => <a href={urlOf(side, 'withdrawals', id)}>{money(amount, currency)}</a>,
          ],
          ['Status', (withdrawal) => <Status of={withdrawal.status} />],
          ['Method', ({ method }) => <span class="whole">{words(method)}</span>],
          ['To', ({ destination }) => <Foreign>{destination}</Foreign>],
          ['Asked for', ({ created_at }) => <When at={created_at} />],
          ['Reason', ({ reason }) => <Foreign>{reason ?? ''}</Foreign>],
        ]}
      />
    </>
  );
}
