import { useState } from 'preact/hooks';
import { ask, inWords } from '../ask.js';
import { usePages } from '../load.js';
import { may, type PageProps, type PayoutUser } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Form, TextField } from '../parts/form.js';
import { Foreign, ShownOnce, Status, Table, When } from '../parts/show.js';
import { go, urlOf } from '../place.js';
import { money, NO_AMOUNT, typedAmount } from '../text.js';

/** All payout users, or the one with an address. */
export function Users({ side, session, query }: PageProps) {
  const email = query.get('email') ?? '';
  const search = email === '' ? '' : `?email=${encodeURIComponent(email)}`;
  const list = usePages<PayoutUser>(`/${side}/payout/users${search}`);
  const [link, setLink] = useState<string>();
  return (
    <>
      <div class="bar">
        <search>
          <form
            class="filter"
            onSubmit={(event) => {
              event.preventDefault();
              const typed = String(new FormData(event.currentTarget as HTMLFormElement).get('email') ?? '').trim();
              go(urlOf(side, 'users') + (typed === '' ? '' : `?email=${encodeURIComponent(typed)}`));
            }}
          >
            <label for="email">Email</label>
            <input key={email} id="email" name="email" type="search" defaultValue={email} autocomplete="off" />
            <button type="submit">Search</button>
            {email !== '' && <a href={urlOf(side, 'users')}>Show all</a>}
          </form>
        </search>
        {may(session, 'operator') && (
          <NewPayout
            side={side}
            done={(hash) => {
              setLink(walletLink(session.wallet_url, hash));
              list.reload();
            }}
          />
        )}
      </div>
      {link !== undefined && <ShownOnce label="The payout user’s link." value={link} />}
      <Table
        label="Payout users"
        {...list}
        idOf={({ id }) => id}
        empty={email === '' ? 'There are no payout users yet.' : 'There is no payout user with this address.'}
        columns={[
          [
            'Email',
            ({ id, email: address }) => (
              <a href={urlOf(side, 'users', id)}>
                <Foreign>{address}</Foreign>
              </a>
            ),
          ],
          ['Status', ({ status }) => <Status of={status} />],
          ['Balance', ({ balance, currency }) => money(balance, currency)],
          ['Reserved', ({ pending, currency }) => money(pending, currency)],
          ['Since', ({ created_at }) => <When at={created_at} />],
        ]}
      />
    </>
  );
}

/** What the payout user opens: the wallet with the hash behind `#`; without a wallet, the hash. */
export function walletLink(walletUrl: string | null, hash: string): string {
  return walletUrl === null ? hash : `${new URL(walletUrl, location.href).href}#${hash}`;
}

function NewPayout({ side, done }: { readonly side: 'live' | 'test'; readonly done: (hash: string) => void }) {
  return (
    <Dialog open="New payout" title="New payout" kind="primary">
      {(close) => (
        <Form<{ readonly hash: string }>
          submit="Give the money"
          send={async ({ text, key }) => {
            const settings = await ask<{ readonly currency: string }>(`GET /${side}/settings`);
            if (!settings.ok) return settings;
            const amount = typedAmount(text('amount'), settings.body.currency);
            const reference = text('reference') || undefined;
            const reply = await ask<{ readonly hash: string }>(
              `POST /${side}/payout/create`,
              { email: text('email'), amount, reference },
              key,
            );
            return typeof amount === 'string' ? inWords(reply, 'amount', NO_AMOUNT) : reply;
          }}
          done={({ hash }) => {
            close();
            done(hash);
          }}
          aside={<Cancel close={close} />}
        >
          <TextField name="email" label="Email" type="email" />
          <TextField name="amount" label="Amount" hint="Such as 12.50. Comes out of what is set aside for payouts." />
          <TextField name="reference" label="Reference (optional)" hint="The payout user sees it." />
        </Form>
      )}
    </Dialog>
  );
}
