import type { Operation } from '@bursar/client';
import { formatAmount } from '../amount.js';
import { meaningOf } from '../meaning.js';
import type { ViewProps } from './props.js';
import { Time } from './time.js';

/** Every movement of the user's money, newest first. */
export function History({ state, language: { say, tag }, wallet }: ViewProps) {
  const { items, nextCursor } = state.operations;
  return (
    <section aria-labelledby="history">
      <h2 id="history">{say('history')}</h2>
      {items.length === 0 && <p class="muted">{say('noHistory')}</p>}
      <ul class="rows">
        {items.map((operation) => (
          <Row key={operation.id} operation={operation} say={say} tag={tag} />
        ))}
      </ul>
      {nextCursor !== null && (
        <button type="button" class="plain" onClick={() => void wallet.more('operations')}>
          {say('more')}
        </button>
      )}
    </section>
  );
}

interface RowProps extends Pick<ViewProps['language'], 'say' | 'tag'> {
  readonly operation: Operation;
}

function Row({ operation, say, tag }: RowProps) {
  const { key, change } = meaningOf(operation);
  const { amount, currency, reference, createdAt } = operation;
  return (
    <li>
      <span class="what">
        <span>{say(key)}</span>
        {reference !== null && <bdi class="muted">{reference}</bdi>}
        <Time at={createdAt} language={tag} />
      </span>
      <span class={`much ${change > 0 ? 'plus' : change < 0 ? '' : 'muted'}`}>
        {change === 0 ? formatAmount(amount, currency, tag) : formatAmount(change, currency, tag, true)}
      </span>
    </li>
  );
}
