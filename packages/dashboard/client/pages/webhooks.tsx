import { useState } from 'preact/hooks';
import { ask } from '../ask.js';
import { useLoad, usePages } from '../load.js';
import { type Delivery, type Endpoint, may, type PageProps } from '../model.js';
import { Cancel, Dialog } from '../parts/dialog.js';
import { Form, TextField } from '../parts/form.js';
import { Foreign, ShownOnce, Status, Table, When } from '../parts/show.js';

interface WithSecret extends Endpoint {
  readonly secret: string;
}

/** Where the business's servers are told of events, and what they were told. */
export function Webhooks({ side, session }: PageProps) {
  const path = `/${side}/webhooks`;
  const { body, problem, reload } = useLoad<{ readonly items: readonly Endpoint[]; readonly types: readonly string[] }>(
    path,
  );
  const deliveries = usePages<Delivery>(`/${side}/deliveries`);
  const [secret, setSecret] = useState<string>();
  const show = (made: WithSecret) => {
    setSecret(made.secret);
    reload();
  };
  return (
    <>
      {may(session, 'owner') && <NewEndpoint path={path} types={body?.types ?? []} done={show} />}
      {secret !== undefined && <ShownOnce label="The secret that signatures are checked with." value={secret} />}
      <h2>Endpoints</h2>
      <Table
        label="Endpoints"
        items={body?.items}
        problem={problem}
        idOf={({ id }) => id}
        empty="No server is told of events yet."
        columns={[
          ['URL', ({ url }) => <Foreign>{url}</Foreign>],
          ['Events', ({ types }) => types?.join(', ') ?? 'All'],
          [
            'Status',
            ({ status, disabled_reason }) => (
              <>
                <Status of={status} /> <Foreign>{disabled_reason ?? ''}</Foreign>
              </>
            ),
          ],
          ['Actions', (endpoint) => <Change {...{ path, session, endpoint }} shown={show} done={reload} />],
        ]}
      />
      <h2>Deliveries</h2>
      <Table
        label="Deliveries"
        {...deliveries}
        idOf={({ endpoint_id, event_id }) => endpoint_id + event_id}
        empty="Nothing has been sent yet."
        columns={[
          ['Event', ({ event_id }) => <code>{event_id}</code>],
          ['Status', ({ status }) => <Status of={status} />],
          ['Attempts', ({ attempts }) => attempts],
          ['Answer', ({ response_status, error }) => <Foreign>{String(response_status ?? error ?? '–')}</Foreign>],
          ['Last change', ({ updated_at }) => <When at={updated_at} />],
          [
            'Actions',
            (delivery) => may(session, 'operator') && <Resend {...{ side, delivery }} done={deliveries.reload} />,
          ],
        ]}
      />
    </>
  );
}

interface NewEndpointProps {
  readonly path: string;
  readonly types: readonly string[];
  readonly done: (made: WithSecret) => void;
}

function NewEndpoint({ path, types, done }: NewEndpointProps) {
  return (
    <Dialog open="New endpoint" title="New endpoint" kind="primary">
      {(close) => (
        <Form<WithSecret>
          submit="Add the endpoint"
          send={({ text, all, key }) => {
            const chosen = all('types');
            const description = text('description').trim() || undefined;
            return ask(
              `POST ${path}`,
              { url: text('url'), description, types: chosen.length === 0 ? null : chosen },
              key,
            );
          }}
          done={(made) => {
            close();
            done(made);
          }}
          aside={<Cancel close={close} />}
        >
          <TextField name="url" label="URL" type="url" hint="Over https:, on the public internet." />
          <TextField name="description" label="Description (optional)" />
          <fieldset>
            <legend>Is told of</legend>
            <p class="hint">Without a choice: everything.</p>
            {types.map((type) => (
              <label key={type} class="check">
                <input type="checkbox" name="types" value={type} />
                {type}
              </label>
            ))}
          </fieldset>
        </Form>
      )}
    </Dialog>
  );
}

interface ChangeProps {
  readonly path: string;
  readonly session: PageProps['session'];
  readonly endpoint: Endpoint;
  readonly shown: (made: WithSecret) => void;
  readonly done: () => void;
}

function Change({ path, session, endpoint, shown, done }: ChangeProps) {
  const one = `${path}/${endpoint.id}`;
  const isOn = endpoint.status === 'enabled';
  return (
    <div class="buttons">
      {may(session, 'operator') && (
        <Dialog open={isOn ? 'Switch off' : 'Switch on'} title={isOn ? 'Switch it off?' : 'Switch it on?'}>
          {(close) => (
            <Form
              submit={isOn ? 'Switch off' : 'Switch on'}
              send={() => ask(`POST ${one}/${isOn ? 'disable' : 'enable'}`, {})}
              done={() => {
                close();
                done();
              }}
              aside={<Cancel close={close} />}
            >
              <p>{isOn ? 'What it is to be told of waits.' : 'What waited goes out.'}</p>
            </Form>
          )}
        </Dialog>
      )}
      {may(session, 'owner') && (
        <>
          <Dialog open="New secret" title="Make a new secret?">
            {(close) => (
              <Form<WithSecret>
                submit="Make a new secret"
                send={({ key }) => ask(`POST ${one}/secret`, {}, key)}
                done={(made) => {
                  close();
                  shown(made);
                }}
                aside={<Cancel close={close} />}
              >
                <p>Both sign for a day.</p>
              </Form>
            )}
          </Dialog>
          <Dialog open="Remove" title="Remove this endpoint?" kind="danger">
            {(close) => (
              <Form
                submit="Remove the endpoint"
                kind="danger"
                send={() => ask(`DELETE ${one}`)}
                done={() => {
                  close();
                  done();
                }}
                aside={<Cancel close={close} />}
              >
                <p>What is on its way there is called off.</p>
              </Form>
            )}
          </Dialog>
        </>
      )}
    </div>
  );
}

interface ResendProps {
  readonly side: 'live' | 'test';
  readonly delivery: Delivery;
  readonly done: () => void;
}

function Resend({ side, delivery, done }: ResendProps) {
  return (
    <Form
      submit="Send again"
      kind="plain"
      send={() => ask(`POST /${side}/deliveries/${delivery.endpoint_id}/${delivery.event_id}/resend`, {})}
      done={done}
    />
  );
}
