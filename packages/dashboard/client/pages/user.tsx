import { useState } from 'preact/hooks';
import { ask } from '../ask.js';
import { useLoad, usePages } from '../load.js';
import { may, type Operation, type PageProps, type PayoutUser } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Choice, Form, TextField } from '../parts/form.js';
import { Foreign, Problem, ShownOnce, Status, Table, Waiting, When } from '../parts/show.js';
import { urlOf } from '../place.js';
import { endOfDay, money, words } from '../text.js';
import { walletLink } from './users.js';

/** One payout user: what it has, what it had, and what can be changed. */
export function User({ side, session, id = '' }: PageProps) {
  const path = `/${side}/payout/users/${encodeURIComponent(id)}`;
  const { body: user, problem, reload } = useLoad<PayoutUser>(path);
  const history = usePages<Operation>(`${path}/operations`);
  const [link, setLink] = useState<string>();
  if (problem !== undefined) return <Problem>{problem}</Problem>;
  if (user === undefined) return <Waiting />;
  return (
    <>
      <p>
        <a href={urlOf(side, 'users')}>All payout users</a>
      </p>
      <h1 tabIndex={-1}>
        <Foreign>{user.email}</Foreign> <Status of={user.status} />
      </h1>
      <dl class="figures">
        <div>
          <dt>Balance</dt>
          <dd>{money(user.balance, user.currency)}</dd>
        </div>
        <div>
          <dt>Reserved</dt>
          <dd>{money(user.pending, user.currency)}</dd>
        </div>
        <div>
          <dt>Hash expires</dt>
          <dd>{user.expires_at === null ? 'Never' : <When at={user.expires_at} />}</dd>
        </div>
      </dl>
      {may(session, 'operator') && user.status !== 'closed' && (
        <div class="buttons">
          <Reissue path={path} done={(hash) => setLink(walletLink(session.wallet_url, hash))} />
          <ChangeStatus path={path} user={user} done={reload} />
          <ChangeExpiry path={path} user={user} done={reload} />
        </div>
      )}
      {link !== undefined && <ShownOnce label="The new link. The old one no longer works." value={link} />}
      <h2>History</h2>
      <Table
        label="History"
        {...history}
        idOf={(operation) => operation.id}
        empty="Nothing has happened yet."
        columns={[
          ['When', ({ created_at }) => <When at={created_at} />],
          ['What', ({ type, phase }) => (phase === 'single' ? words(type) : `${words(type)} (${phase})`)],
          [
            'Amount',
            ({ amount, currency, direction }) => (direction === 'debit' ? '−' : '+') + money(amount, currency),
          ],
          ['Reference', ({ reference }) => <Foreign>{reference ?? ''}</Foreign>],
        ]}
      />
    </>
  );
}

interface ChangeProps {
  readonly path: string;
  readonly user: PayoutUser;
  readonly done: () => void;
}

function Reissue({ path, done }: Omit<ChangeProps, 'done' | 'user'> & { readonly done: (hash: string) => void }) {
  return (
    <Dialog open="New link" title="Give this payout user a new link?">
      {(close) => (
        <Form<{ readonly hash: string }>
          submit="Make a new link"
          send={({ key }) => ask(`POST ${path}/reissue`, {}, key)}
          done={({ hash }) => {
            close();
            done(hash);
          }}
          aside={<Cancel close={close} />}
        >
          <p>The old link stops working at once. The money stays where it is.</p>
        </Form>
      )}
    </Dialog>
  );
}

function ChangeStatus({ path, user, done }: ChangeProps) {
  return (
    <Dialog open="Status" title="Change the status">
      {(close) => (
        <Form
          submit="Change the status"
          send={({ text }) => ask(`PATCH ${path}`, { status: text('status') })}
          done={() => {
            close();
            done();
          }}
          aside={<Cancel close={close} />}
        >
          <Choice
            name="status"
            label="Status"
            value={user.status}
            hint="Inactive keeps the money and refuses the link. Closed is for ever."
            options={[
              ['active', 'Active'],
              ['inactive', 'Inactive'],
              ['closed', 'Closed'],
            ]}
          />
        </Form>
      )}
    </Dialog>
  );
}

function ChangeExpiry({ path, user, done }: ChangeProps) {
  return (
    <Dialog open="Expiry" title="Change when the link expires">
      {(close) => (
        <Form
          submit="Change the expiry"
          send={({ text }) => ask(`PATCH ${path}`, { expires_at: endOfDay(text('expires_at')) })}
          done={() => {
            close();
            done();
          }}
          aside={<Cancel close={close} />}
        >
          <TextField
            name="expires_at"
            label="Works until"
            type="date"
            value={user.expires_at?.slice(0, 10) ?? ''}
            hint="The end of that day; empty for ever."
          />
        </Form>
      )}
    </Dialog>
  );
}
