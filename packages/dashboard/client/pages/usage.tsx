import { useState } from 'preact/hooks';
import { useLoad } from '../load.js';
import type { PageProps } from '../model.js';
import { Chart } from '../parts/chart.js';
import { Foreign, Problem, Table, Waiting } from '../parts/show.js';

interface Counted {
  readonly requests: number;
  readonly refused: number;
}

interface UsageBody {
  readonly days: readonly (Counted & { readonly day: string })[];
  readonly credentials: readonly (Counted & { readonly id: string; readonly name: string | null })[];
}

/** How much the API is used: by day and by key. */
export function Usage({ side }: PageProps) {
  const [days, setDays] = useState('30');
  const { body, problem } = useLoad<UsageBody>(`/${side}/usage?days=${days}`);
  return (
    <>
      <div class="filter">
        <label for="days">Days</label>
        <select id="days" onChange={({ currentTarget }) => setDays(currentTarget.value)}>
          {['7', '30', '90'].map((option) => (
            <option key={option} value={option} selected={option === days}>
              {option}
            </option>
          ))}
        </select>
      </div>
      {problem !== undefined && <Problem>{problem}</Problem>}
      {body === undefined && problem === undefined && <Waiting />}
      {body !== undefined && <Counts body={body} />}
    </>
  );
}

function Counts({ body }: { readonly body: UsageBody }) {
  return (
    <>
      <h2>Requests by day</h2>
      <Chart
        label="Requests"
        days={body.days.map(({ day }) => day)}
        format={(value) => value.toLocaleString()}
        series={[
          { name: 'Answered', tone: 'good', values: body.days.map(({ requests, refused }) => requests - refused) },
          { name: 'Refused', tone: 'bad', values: body.days.map(({ refused }) => refused) },
        ]}
      />
      <h2>By credential</h2>
      <Table
        label="By credential"
        items={body.credentials}
        problem={undefined}
        idOf={({ id }) => id}
        empty="Nothing has been asked in these days."
        columns={[
          ['Key', ({ id, name }) => <Foreign>{id === 'payout_hash' ? 'Payout users' : (name ?? id)}</Foreign>],
          ['Requests', ({ requests }) => requests.toLocaleString()],
          ['Refused', ({ refused }) => refused.toLocaleString()],
        ]}
      />
    </>
  );
}
