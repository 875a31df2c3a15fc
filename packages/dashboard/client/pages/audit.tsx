import { usePages } from '../load.js';
import type { AuditEntry, PageProps } from '../model.js';
import { Foreign, Status, Table, When } from '../parts/show.js';
import { isolated, words } from '../text.js';

/** Who did what, the newest first. */
export function Audit({ side }: PageProps) {
  const list = usePages<AuditEntry>(`/${side}/audit`);
  return (
    <Table
      label="Audit log"
      {...list}
      idOf={({ sequence }) => String(sequence)}
      empty="Nothing has been done yet, or the audit log is off."
      columns={[
        ['When', ({ at }) => <When at={at} />],
        [
          'Who',
          ({ actor, actor_type }) => (
            <>
              <Foreign>{actor}</Foreign> <span class="hint">{words(actor_type)}</span>
            </>
          ),
        ],
        ['What', ({ action }) => words(action)],
        ['Of', ({ target }) => <Foreign>{target ?? ''}</Foreign>],
        ['Outcome', ({ outcome }) => <Status of={outcome} />],
        ['More', ({ details }) => <Foreign>{said(details)}</Foreign>],
        [
          'From',
          ({ address }) => (
            <span class="whole">
              <Foreign>{address ?? ''}</Foreign>
            </span>
          ),
        ],
      ]}
    />
  );
}

function said(details: AuditEntry['details']): string {
  return Object.entries(details ?? {})
    .map(([name, value]) => `${words(name)}: ${isolated(value)}`)
    .join(', ');
}
