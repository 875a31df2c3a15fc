import { useState } from 'preact/hooks';
import { ask } from '../ask.js';
import { usePages } from '../load.js';
import type { Operator } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Choice, Form, TextField } from '../parts/form.js';
import { Foreign, ShownOnce, Table } from '../parts/show.js';
import { isolated } from '../text.js';

const ROLES = [
  ['viewer', 'Viewer: looks'],
  ['operator', 'Operator: users, withdrawals, deliveries'],
  ['owner', 'Owner: everything'],
] as const;

interface WithLink {
  readonly url: string;
  readonly name: string;
}

/** Who may use the dashboard. */
export function Operators() {
  const list = usePages<Operator>('/operators');
  const [link, setLink] = useState<WithLink>();
  const show = (made: WithLink) => {
    setLink(made);
    list.reload();
  };
  return (
    <>
      <h2>Operators</h2>
      <Add done={show} />
      {link !== undefined && (
        <ShownOnce
          label={`A link for ${isolated(link.name)}, which works once, for a quarter of an hour.`}
          value={link.url}
        />
      )}
      <Table
        label="Operators"
        {...list}
        idOf={({ id }) => id}
        empty=""
        columns={[
          ['Name', ({ name, self }) => <Foreign>{self ? `${isolated(name)} (you)` : name}</Foreign>],
          ['Role', ({ role }) => role],
          ['Actions', (operator) => <Change operator={operator} shown={show} done={list.reload} />],
        ]}
      />
    </>
  );
}

function Add({ done }: { readonly done: (made: WithLink) => void }) {
  return (
    <Dialog open="Add an operator" title="Add an operator" kind="primary">
      {(close) => (
        <Form<WithLink>
          submit="Add and make a link"
          send={({ text, key }) => ask('POST /operators', { name: text('name'), role: text('role') }, key)}
          done={(made) => {
            close();
            done(made);
          }}
          aside={<Cancel close={close} />}
        >
          <TextField name="name" label="Name" hint="It is in the audit log for ever." />
          <Choice name="role" label="Role" options={ROLES} />
        </Form>
      )}
    </Dialog>
  );
}

interface ChangeProps {
  readonly operator: Operator;
  readonly shown: (made: WithLink) => void;
  readonly done: () => void;
}

function Change({ operator, shown, done }: ChangeProps) {
  const path = `/operators/${operator.id}`;
  const after = (close: () => void) => () => {
    close();
    done();
  };
  return (
    <div class="buttons">
      <Dialog open="Role" title="Change the role">
        {(close) => (
          <Form
            submit="Change the role"
            send={({ text }) => ask(`PATCH ${path}`, { role: text('role') })}
            done={after(close)}
            aside={<Cancel close={close} />}
          >
            <Choice name="role" label="Role" options={ROLES} value={operator.role} />
          </Form>
        )}
      </Dialog>
      <Dialog open="Link" title="Make a sign-in link?">
        {(close) => (
          <Form<WithLink>
            submit="Make a link"
            send={({ key }) => ask(`POST ${path}/link`, {}, key)}
            done={(made) => {
              close();
              shown(made);
            }}
            aside={<Cancel close={close} />}
          >
            <p>Whoever has it signs in as this operator, once.</p>
          </Form>
        )}
      </Dialog>
      <Dialog open="Remove" title="Remove this operator?" kind="danger">
        {(close) => (
          <Form
            submit="Remove the operator"
            kind="danger"
            send={() => ask(`DELETE ${path}`)}
            done={after(close)}
            aside={<Cancel close={close} />}
          >
            <p>Sessions, links and passkeys end with it. What was done stays in the audit log.</p>
          </Form>
        )}
      </Dialog>
    </div>
  );
}
