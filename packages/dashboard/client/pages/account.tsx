import { startRegistration } from '@simplewebauthn/browser';
import { useState } from 'preact/hooks';
import { ask } from '../ask.js';
import { usePages } from '../load.js';
import type { PageProps } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Form, TextField } from '../parts/form.js';
import { Foreign, Table, When } from '../parts/show.js';

type Options = Parameters<typeof startRegistration>[0]['optionsJSON'];

interface Passkey {
  readonly id: string;
  readonly label: string;
  readonly created_at: string;
}

/** A person's own passkeys. */
export function Account({ session }: PageProps) {
  const list = usePages<Passkey>('/passkeys');
  const [added, setAdded] = useState('');
  return (
    <>
      <p>
        You are <Foreign>{session.name}</Foreign>, and your role is {session.role}.
      </p>
      <h2>Passkeys</h2>
      <p>A passkey signs you in by the finger, the face or the PIN of this device, or by a security key.</p>
      <Table
        label="Passkeys"
        {...list}
        idOf={({ id }) => id}
        empty="You have no passkey yet: without one, you need a new link each time."
        columns={[
          ['Name', ({ label }) => <Foreign>{label}</Foreign>],
          ['Added', ({ created_at }) => <When at={created_at} />],
          ['Actions', (passkey) => <Remove passkey={passkey} done={list.reload} />],
        ]}
      />
      <h3>Add a passkey</h3>
      <Form
        submit="Add a passkey"
        send={({ text }) => register(text('label'))}
        done={() => {
          setAdded('The passkey was added.');
          list.reload();
        }}
      >
        <TextField name="label" label="Name" hint="For you to tell it from others, such as “Phone”." />
      </Form>
      <p role="status">{added}</p>
    </>
  );
}

function Remove({ passkey, done }: { readonly passkey: Passkey; readonly done: () => void }) {
  return (
    <Dialog open="Remove" title="Remove this passkey?">
      {(close) => (
        <Form
          submit="Remove the passkey"
          kind="danger"
          send={() => ask(`DELETE /passkeys/${passkey.id}`)}
          done={() => {
            close();
            done();
          }}
          aside={<Cancel close={close} />}
        >
          <p>It signs nobody in from then on.</p>
        </Form>
      )}
    </Dialog>
  );
}

async function register(label: string) {
  const options = await ask<Options>('POST /passkeys/challenge', {});
  if (!options.ok) return options;
  try {
    const response = await startRegistration({ optionsJSON: options.body });
    return await ask<Passkey>('POST /passkeys', { response, label });
  } catch {
    return { ok: false, status: 400, message: 'This device made no passkey. Try again.', fields: {} } as const;
  }
}
