import { ask } from '../ask.js';
import { useLoad } from '../load.js';
import { may, type PageProps, type WithdrawalWithHistory } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Form, TextField } from '../parts/form.js';
import { Foreign, Problem, Status, Table, Waiting, When } from '../parts/show.js';
import { urlOf } from '../place.js';
import { money, words } from '../text.js';

interface Decision {
  readonly name: string;
  readonly title: string;
  readonly hint: string;
  readonly danger?: boolean;
  /** Where it can be decided. */
  readonly from: readonly string[];
  readonly line: (path: string) => string;
  readonly fields: (reason: string) => Readonly<Record<string, unknown>>;
}

const settle = (status: string) => (reason: string) => ({ status, reason: reason || undefined });
const because = (reason: string) => ({ reason: reason || undefined });

const DECISIONS: readonly Decision[] = [
  {
    name: 'Approve',
    title: 'Approve this withdrawal?',
    hint: 'The money goes out.',
    from: ['review'],
    line: (path) => `POST ${path}/approve`,
    fields: because,
  },
  {
    name: 'Refuse',
    title: 'Refuse this withdrawal?',
    hint: 'The money goes back to the payout user, who sees the reason.',
    danger: true,
    from: ['review'],
    line: (path) => `POST ${path}/refuse`,
    fields: because,
  },
  {
    name: 'Settle',
    title: 'Was it sent?',
    hint: 'Only if you are sure that it arrived. Say how you know.',
    from: ['queued', 'processing', 'unknown'],
    line: (path) => `PATCH ${path}`,
    fields: settle('succeeded'),
  },
  {
    name: 'Fail',
    title: 'Was it not sent, and never will be?',
    hint: 'The money goes back to the payout user. If it was sent after all, it is paid twice. Say how you know.',
    danger: true,
    from: ['queued', 'processing', 'unknown'],
    line: (path) => `PATCH ${path}`,
    fields: settle('failed'),
  },
  {
    name: 'Return',
    title: 'Did the money come back?',
    hint: 'It goes back to the payout user.',
    from: ['succeeded'],
    line: (path) => `POST ${path}/return`,
    fields: because,
  },
];

/** One withdrawal: where it stands, how it came there, and what a person can decide. */
export function WithdrawalPage({ side, session, id = '' }: PageProps) {
  const path = `/${side}/payout/withdrawals/${encodeURIComponent(id)}`;
  const { body, problem, reload } = useLoad<WithdrawalWithHistory>(path);
  if (problem !== undefined) return <Problem>{problem}</Problem>;
  if (body === undefined) return <Waiting />;
  const possible = may(session, 'operator') ? DECISIONS.filter(({ from }) => from.includes(body.status)) : [];
  return (
    <>
      <p>
        <a href={urlOf(side, 'withdrawals')}>All withdrawals</a>
      </p>
      <h1 tabIndex={-1}>
        {money(body.amount, body.currency)} <Status of={body.status} />
      </h1>
      {body.needs_two === true && <TwoPeople body={body} />}
      <div class="buttons">
        {possible.map((decision) => (
          <Decide key={decision.name} path={path} decision={decision} done={reload} />
        ))}
      </div>
      <Particulars side={side} body={body} />
      <h2>What happened</h2>
      <Table
        label="What happened"
        items={body.history}
        problem={undefined}
        idOf={({ version }) => String(version)}
        empty=""
        columns={[
          ['When', ({ at }) => <When at={at} />],
          ['Status', ({ status }) => <Status of={status} />],
          ['By', ({ actor }) => <Foreign>{actor}</Foreign>],
          ['Reason', ({ reason }) => <Foreign>{reason ?? ''}</Foreign>],
        ]}
      />
    </>
  );
}

function TwoPeople({ body: { approval } }: { readonly body: WithdrawalWithHistory }) {
  if (approval == null) return <p class="notice">Two people have to approve this one.</p>;
  return (
    <p class="notice">
      Approved by <Foreign>{approval.name}</Foreign>, <When at={approval.at} />.{' '}
      {approval.mine ? 'Another operator has to confirm it.' : 'You can confirm it.'}
    </p>
  );
}

function Particulars({ side, body }: { readonly side: 'live' | 'test'; readonly body: WithdrawalWithHistory }) {
  return (
    <dl class="particulars">
      <dt>Method</dt>
      <dd>{words(body.method)}</dd>
      <dt>To</dt>
      <dd>
        <Foreign>{body.destination}</Foreign>
      </dd>
      <dt>Fee</dt>
      <dd>{money(body.fee, body.currency)}</dd>
      <dt>Payout user</dt>
      <dd>
        <a href={urlOf(side, 'users', body.payout_user_id)}>{body.payout_user_id}</a>
      </dd>
      <dt>Provider’s reference</dt>
      <dd>
        <Foreign>{body.provider_reference ?? '–'}</Foreign>
      </dd>
      <dt>Reason</dt>
      <dd>
        <Foreign>{body.reason ?? '–'}</Foreign>
      </dd>
    </dl>
  );
}

interface DecideProps {
  readonly path: string;
  readonly decision: Decision;
  readonly done: () => void;
}

function Decide({ path, decision, done }: DecideProps) {
  const { name, title, hint, danger = false, line, fields } = decision;
  return (
    <Dialog open={name} title={title} kind={danger ? 'danger' : 'primary'}>
      {(close) => (
        <Form
          submit={name}
          kind={danger ? 'danger' : 'primary'}
          send={({ text }) => ask(line(path), fields(text('reason').trim()))}
          done={() => {
            close();
            done();
          }}
          aside={<Cancel close={close} />}
        >
          <TextField name="reason" label="Reason" hint={hint} />
        </Form>
      )}
    </Dialog>
  );
}
