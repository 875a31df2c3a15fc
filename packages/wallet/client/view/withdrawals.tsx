import type { Withdrawal, WithdrawalStatus } from '@bursar/client';
import { formatAmount } from '../amount.js';
import { humanized } from '../fields.js';
import type { MessageKey } from '../messages/messages.js';
import type { ViewProps } from './props.js';
import { Time } from './time.js';

const STATUSES: Readonly<
  Record<WithdrawalStatus, { readonly key: MessageKey; readonly tone: 'open' | 'good' | 'bad' }>
> = {
  review: { key: 'review', tone: 'open' },
  queued: { key: 'queued', tone: 'open' },
  sending: { key: 'sendingNow', tone: 'open' },
  processing: { key: 'processing', tone: 'open' },
  unknown: { key: 'unknown', tone: 'open' },
  succeeded: { key: 'succeeded', tone: 'good' },
  failed: { key: 'failed', tone: 'bad' },
  rejected: { key: 'rejected', tone: 'bad' },
  returned: { key: 'returned', tone: 'bad' },
};

// A newer server may know a status that this page does not.
const statusIn = ({ status }: Withdrawal) => (Object.hasOwn(STATUSES, status) ? STATUSES[status] : STATUSES.unknown);

/** What is said of where a withdrawal stands. */
export const statusOf = (withdrawal: Withdrawal): MessageKey => statusIn(withdrawal).key;

/** The user's withdrawals, and where each stands. */
export function Withdrawals({ state, language: { say, tag }, wallet }: ViewProps) {
  const { items, nextCursor } = state.withdrawals;
  const nameOf = (method: string): string => state.methods.find(({ id }) => id === method)?.name ?? humanized(method);
  return (
    <section aria-labelledby="withdrawals">
      <h2 id="withdrawals">{say('withdrawals')}</h2>
      {items.length === 0 && <p class="muted">{say('noWithdrawals')}</p>}
      <ul class="rows">
        {items.map((withdrawal) => {
          const { id, method, destination, reason, amount, currency, createdAt } = withdrawal;
          return (
            <li key={id} data-id={id}>
              <span class="what">
                <bdi class="name">{nameOf(method)}</bdi>
                <bdi class="muted">{destination}</bdi>
                <Time at={createdAt} language={tag} />
                {reason !== null && <bdi class="muted">{reason}</bdi>}
              </span>
              <span class="much">
                <span class="name">{formatAmount(amount, currency, tag)}</span>
                <span class={`status ${statusIn(withdrawal).tone}`}>{say(statusOf(withdrawal))}</span>
              </span>
            </li>
          );
        })}
      </ul>
      {nextCursor !== null && (
        <button type="button" class="plain" onClick={() => void wallet.more('withdrawals')}>
          {say('more')}
        </button>
      )}
    </section>
  );
}
