import { useLoad } from '../load.js';
import type { PageProps, Withdrawal } from '../model.js';
import { Chart } from '../parts/chart.js';
import { Foreign, Problem, Status, Waiting } from '../parts/show.js';
import { urlOf } from '../place.js';
import { money, words } from '../text.js';

interface OverviewBody {
  readonly currency: string;
  readonly balance: number;
  readonly payout_balance: number;
  readonly payouts_enabled: boolean;
  readonly days: readonly {
    readonly day: string;
    readonly paid: number;
    readonly under_way: number;
    readonly failed: number;
  }[];
  readonly complete_from: string | null;
  readonly review: Standing;
  readonly unknown: Standing;
  readonly failures: readonly Pick<Withdrawal, 'id' | 'amount' | 'currency' | 'status' | 'reason' | 'method'>[];
}

interface Standing {
  readonly count: number;
  readonly more: boolean;
}

/** What somebody who comes in wants to see first. */
export function Overview({ side, session }: PageProps) {
  const { body, problem } = useLoad<OverviewBody>(`/${side}/overview`);
  if (problem !== undefined) return <Problem>{problem}</Problem>;
  if (body === undefined) return <Waiting />;
  const show = (amount: number) => money(amount, body.currency);
  return (
    <>
      {session.own_sign_in && !session.has_passkey && (
        <p class="notice">
          You came by a link, which works once. <a href={urlOf(side, 'account')}>Add a passkey</a> to sign in again.
        </p>
      )}
      {!body.payouts_enabled && (
        <p class="notice">
          Payouts are switched off. <a href={urlOf(side, 'settings')}>Switch them on in the settings.</a>
        </p>
      )}
      <dl class="figures">
        <Figure name="Balance" value={show(body.balance)} />
        <Figure name="Set aside for payouts" value={show(body.payout_balance)} />
        <Figure
          name="Wait for approval"
          value={count(body.review)}
          href={`${urlOf(side, 'withdrawals')}?status=review`}
        />
        <Figure
          name="Outcome unknown"
          value={count(body.unknown)}
          href={`${urlOf(side, 'withdrawals')}?status=unknown`}
        />
      </dl>
      <h2>Withdrawals by day</h2>
      {body.complete_from !== null && (
        <p class="hint">There are many: the chart is whole from {body.complete_from} on.</p>
      )}
      <Chart
        label="Withdrawals"
        days={body.days.map(({ day }) => day)}
        format={show}
        series={[
          { name: 'Paid', tone: 'good', values: body.days.map(({ paid }) => paid) },
          { name: 'Under way', tone: 'wait', values: body.days.map(({ under_way }) => under_way) },
          { name: 'Failed', tone: 'bad', values: body.days.map(({ failed }) => failed) },
        ]}
      />
      <h2>Failures</h2>
      {body.failures.length === 0 && <p class="empty">Nothing has failed in these days.</p>}
      <ul class="rows">
        {body.failures.map(({ id, amount, currency, status, reason, method }) => (
          <li key={id}>
            <a href={urlOf(side, 'withdrawals', id)}>
              {money(amount, currency)} by {words(method).toLowerCase()}
            </a>{' '}
            <Status of={status} /> <Foreign>{reason ?? ''}</Foreign>
          </li>
        ))}
      </ul>
    </>
  );
}

function count({ count, more }: Standing): string {
  return more ? `more than ${count}` : String(count);
}

function Figure({ name, value, href }: { readonly name: string; readonly value: string; readonly href?: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{href === undefined ? value : <a href={href}>{value}</a>}</dd>
    </div>
  );
}
