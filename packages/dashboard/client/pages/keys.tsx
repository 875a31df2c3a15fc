import { useState } from 'preact/hooks';
import { ask } from '../ask.js';
import { usePages } from '../load.js';
import { type ApiKey, may, type PageProps } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Choice, Form, TextField } from '../parts/form.js';
import { Foreign, ShownOnce, Status, Table, When } from '../parts/show.js';
import { endOfDay, isolated } from '../text.js';

interface IssuedKey extends ApiKey {
  readonly key: string;
}

const SCOPES = [
  'balance:read',
  'payouts:write',
  'users:read',
  'users:write',
  'withdrawals:read',
  'withdrawals:write',
] as const;

const OVERLAPS = [
  ['86400', 'A day'],
  ['3600', 'An hour'],
  ['604800', 'A week'],
  ['0', 'Not at all: it stops now'],
] as const;

/** The API keys of a side. */
export function Keys({ side, session }: PageProps) {
  const list = usePages<ApiKey>(`/${side}/keys`);
  const [shown, setShown] = useState<IssuedKey>();
  const show = (issued: IssuedKey) => {
    setShown(issued);
    list.reload();
  };
  const isOwner = may(session, 'owner');
  return (
    <>
      {isOwner && (
        <div class="bar">
          <NewKey side={side} done={show} />
        </div>
      )}
      {shown !== undefined && <ShownOnce label={`The key “${isolated(shown.name)}”.`} value={shown.key} />}
      <Table
        label="API keys"
        {...list}
        idOf={({ id }) => id}
        empty="There are no API keys yet."
        columns={[
          ['Name', ({ name }) => <Foreign>{name}</Foreign>],
          ['Key', ({ hint }) => <code class="whole">{hint}</code>],
          ['Scopes', ({ scopes }) => (scopes.includes('*') ? 'All' : scopes.join(', ') || 'None')],
          ['Status', (key) => <Status of={statusOf(key)} />],
          ['Last used', ({ last_used_at }) => <When at={last_used_at} />],
          ['Expires', ({ expires_at }) => <When at={expires_at} />],
          [
            'Actions',
            (key) =>
              isOwner && key.revoked_at === null && <Change side={side} apiKey={key} shown={show} done={list.reload} />,
          ],
        ]}
      />
    </>
  );
}

function statusOf({ revoked_at, expires_at }: ApiKey): string {
  if (revoked_at !== null) return 'revoked';
  return expires_at !== null && Date.parse(expires_at) <= Date.now() ? 'expired' : 'active';
}

interface NewKeyProps {
  readonly side: 'live' | 'test';
  readonly done: (issued: IssuedKey) => void;
}

function NewKey({ side, done }: NewKeyProps) {
  return (
    <Dialog open="New API key" title="New API key" kind="primary">
      {(close) => (
        <Form<IssuedKey>
          submit="Make the key"
          send={({ text, all, key }) => {
            const scopes = all('scopes');
            const chosen = scopes.length === 0 || scopes.length === SCOPES.length ? ['*'] : scopes;
            const expires_at = endOfDay(text('expires_at'));
            return ask(`POST /${side}/keys`, { name: text('name'), scopes: chosen, expires_at }, key);
          }}
          done={(issued) => {
            close();
            done(issued);
          }}
          aside={<Cancel close={close} />}
        >
          <TextField name="name" label="Name" hint="What uses it, such as “Web server”." />
          <fieldset>
            <legend>May</legend>
            <p class="hint">Without a choice: everything.</p>
            {SCOPES.map((scope) => (
              <label key={scope} class="check">
                <input type="checkbox" name="scopes" value={scope} />
                {scope}
              </label>
            ))}
          </fieldset>
          <TextField name="expires_at" label="Works until" type="date" hint="The end of that day; empty for ever." />
        </Form>
      )}
    </Dialog>
  );
}

interface ChangeProps {
  readonly side: 'live' | 'test';
  readonly apiKey: ApiKey;
  readonly shown: (issued: IssuedKey) => void;
  readonly done: () => void;
}

function Change({ side, apiKey, shown, done }: ChangeProps) {
  const path = `/${side}/keys/${apiKey.id}`;
  return (
    <div class="buttons">
      <Dialog open="Rotate" title={`Rotate “${isolated(apiKey.name)}”`}>
        {(close) => (
          <Form<IssuedKey>
            submit="Make the new key"
            send={({ text, key }) =>
              ask(`POST ${path}/rotate`, { overlap_seconds: Number(text('overlap_seconds')) }, key)
            }
            done={(issued) => {
              close();
              shown(issued);
            }}
            aside={<Cancel close={close} />}
          >
            <Choice
              name="overlap_seconds"
              label="The old key goes on working"
              options={OVERLAPS}
              hint="Time to put the new one in its place."
            />
          </Form>
        )}
      </Dialog>
      <Dialog open="Revoke" title={`Revoke “${isolated(apiKey.name)}”?`} kind="danger">
        {(close) => (
          <Form
            submit="Revoke the key"
            kind="danger"
            send={() => ask(`DELETE ${path}`)}
            done={() => {
              close();
              done();
            }}
            aside={<Cancel close={close} />}
          >
            <p>Whatever uses it is refused from now on. It cannot be taken back.</p>
          </Form>
        )}
      </Dialog>
    </div>
  );
}
