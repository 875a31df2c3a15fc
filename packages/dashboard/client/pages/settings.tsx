import { useState } from 'preact/hooks';
import { ask, inWords } from '../ask.js';
import { useLoad } from '../load.js';
import { type Method, may, type PageProps, type Settings } from '../model.js';
import { Form, TextField } from '../parts/form.js';
import { Problem, Table, Waiting } from '../parts/show.js';
import { money, NO_AMOUNT, plainAmount, typedAmount } from '../text.js';
import { Operators } from './operators.js';

/** Payouts on or off, two people for large amounts, and who may do what. */
export function SettingsPage({ side, session }: PageProps) {
  const { body, problem, reload } = useLoad<Settings>(`/${side}/settings`);
  if (problem !== undefined) return <Problem>{problem}</Problem>;
  if (body === undefined) return <Waiting />;
  const isOwner = may(session, 'owner');
  return (
    <>
      <h2>Payouts</h2>
      <p>
        Payouts are <strong>{body.payouts_enabled ? 'on' : 'off'}</strong>.
      </p>
      {isOwner && (
        <Form
          submit={body.payouts_enabled ? 'Switch payouts off' : 'Switch payouts on'}
          kind={body.payouts_enabled ? 'danger' : 'primary'}
          send={() => ask(`PATCH /${side}/settings`, { payouts_enabled: !body.payouts_enabled })}
          done={reload}
        />
      )}
      <h2>Two people</h2>
      {isOwner ? (
        <TwoPerson side={side} settings={body} done={reload} />
      ) : (
        <p>
          {body.two_person_over === null
            ? 'One person approves.'
            : `Over ${money(body.two_person_over, body.currency)}.`}
        </p>
      )}
      <h2>Methods and limits</h2>
      <Limits body={body} />
      <Methods side={side} />
      {isOwner && session.own_sign_in && <Operators />}
    </>
  );
}

interface TwoPersonProps {
  readonly side: 'live' | 'test';
  readonly settings: Settings;
  readonly done: () => void;
}

function TwoPerson({ side, settings, done }: TwoPersonProps) {
  const [saved, setSaved] = useState('');
  const { currency, two_person_over: over } = settings;
  return (
    <Form
      submit="Save the amount"
      send={async ({ text }) => {
        const typed = typedAmount(text('two_person_over'), currency) ?? null;
        const reply = await ask(`PATCH /${side}/settings`, { two_person_over: typed });
        return typeof typed === 'string' ? inWords(reply, 'two_person_over', NO_AMOUNT) : reply;
      }}
      done={() => {
        setSaved('Saved.');
        done();
      }}
      aside={<span role="status">{saved}</span>}
    >
      <TextField
        name="two_person_over"
        label={`Two people approve withdrawals over (${currency})`}
        value={over === null ? '' : plainAmount(over, currency)}
        hint="Of those that wait for approval. Empty: one person is enough."
      />
    </Form>
  );
}

function Limits({ body: { limit, hold_seconds, currency } }: { readonly body: Settings }) {
  return (
    <p>
      {limit === null
        ? 'A payout user may withdraw any amount'
        : `A payout user may withdraw ${money(limit.amount, currency)} in ${limit.seconds / 3600} hours`}
      {hold_seconds === 0 ? '.' : `, ${hold_seconds / 3600} hours after the account was opened.`} Methods and limits are
      set where the server is.
    </p>
  );
}

function Methods({ side }: { readonly side: 'live' | 'test' }) {
  const { body, problem } = useLoad<{ readonly items: readonly Method[] }>(`/${side}/payout/methods`);
  return (
    <Table
      label="Payout methods"
      items={body?.items}
      problem={problem}
      idOf={({ id }) => id}
      empty="There are no payout methods: nothing can be withdrawn."
      columns={[
        ['Method', ({ name }) => name],
        ['From', ({ minimum, currency }) => money(minimum, currency)],
        ['To', ({ maximum, currency }) => money(maximum, currency)],
        ['Fee', ({ fee, currency }) => (fee === null ? 'By amount' : money(fee, currency))],
      ]}
    />
  );
}
