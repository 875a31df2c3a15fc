import { formatAmount } from '../amount.js';
import { History } from './history.js';
import { Notice } from './notice.js';
import type { ViewProps } from './props.js';
import { WithdrawForm } from './withdraw-form.js';
import { statusOf, Withdrawals } from './withdrawals.js';

interface AppProps extends ViewProps {
  /** `null`: the wallet's own; empty: none. */
  readonly heading: string | null;
  readonly logo: string | null;
}

/** The whole wallet. */
export function App({ heading, logo, ...props }: AppProps) {
  const { state, language } = props;
  const { say, tag, direction } = language;
  const title = heading ?? say('title');
  return (
    <div class="wallet" lang={tag} dir={direction}>
      {(logo !== null || title !== '') && (
        <header>
          {logo !== null && <img class="logo" src={logo} alt="" />}
          {title !== '' && (
            <h1>
              <bdi>{title}</bdi>
            </h1>
          )}
        </header>
      )}
      <p role="status" class="unseen">
        {announcement(props)}
      </p>
      <Body {...props} />
      {state.order?.stage === 'asking' && state.phase === 'link_over' && (
        <Notice kind="bad">
          {say('linkOverAsking', { amount: formatAmount(state.order.order.amount, state.order.order.currency, tag) })}
        </Notice>
      )}
    </div>
  );
}

/** What is read out, when it changes. */
function announcement({ state, language: { say, tag } }: ViewProps): string {
  if (state.order?.stage === 'sending') return say('sending');
  const { changed } = state;
  if (changed === null) return state.phase === 'loading' ? say('loading') : '';
  return say('changed', {
    amount: formatAmount(changed.amount, changed.currency, tag),
    status: say(statusOf(changed)),
  });
}

function Body(props: ViewProps) {
  const { state, language, wallet } = props;
  const { say } = language;
  const tryAgain = (
    <button type="button" class="plain" onClick={() => void wallet.wake()}>
      {say('tryAgain')}
    </button>
  );
  switch (state.phase) {
    case 'no_link':
      return <Page title={say('noLink')} text={say('noLinkBody')} />;
    case 'bad_link':
      return <Page title={say('badLink')} text={say('badLinkBody')} />;
    case 'link_over':
      return <Page title={say('linkOver')} text={say('linkOverBody')} />;
    case 'wrong_setup':
      return <Page title={say('wrongSetup')} text="" />;
    case 'payouts_off':
      return (
        <>
          <Asking {...props} />
          <Page title={say('payoutsOff')} text={say('payoutsOffBody')} />
          {tryAgain}
        </>
      );
    case 'loading':
      return (
        <>
          <Asking {...props} />
          {state.reachable ? <p class="loading">{say('loading')}</p> : <Unreachable {...props} />}
        </>
      );
    case 'ready':
      return <Ready {...props} />;
  }
}

function Page({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <section class="page">
      <h2>{title}</h2>
      <p>{text}</p>
    </section>
  );
}

function Unreachable({ language: { say }, wallet }: ViewProps) {
  return (
    <Notice kind="bad">
      <strong>{say('unreachable')}.</strong> {say('unreachableBody')}{' '}
      <button type="button" class="plain" onClick={() => void wallet.wake()}>
        {say('tryAgain')}
      </button>
    </Notice>
  );
}

function Ready(props: ViewProps) {
  const { state, language } = props;
  const { say, tag } = language;
  const { balance } = state;
  return (
    <>
      {!state.reachable && <Unreachable {...props} />}
      {balance !== null && (
        <section class="balance" aria-labelledby="balance">
          <h2 id="balance">{say('balance')}</h2>
          <p class="money">{formatAmount(balance.balance, balance.currency, tag)}</p>
          {balance.pending > 0 && (
            <p class="muted">{say('reserved', { amount: formatAmount(balance.pending, balance.currency, tag) })}</p>
          )}
        </section>
      )}
      <Ended {...props} />
      <Asking {...props} />
      {state.order?.stage !== 'asking' && <WithdrawForm {...props} />}
      <Withdrawals {...props} />
      <History {...props} />
    </>
  );
}

function Asking({ state, language: { say, tag }, wallet }: ViewProps) {
  if (state.order?.stage !== 'asking') return null;
  const { amount, currency } = state.order.order;
  return (
    <Notice kind="open" takesFocus>
      {say('asking', { amount: formatAmount(amount, currency, tag) })}{' '}
      <button type="button" class="plain" onClick={() => void wallet.wake()}>
        {say('askNow')}
      </button>
    </Notice>
  );
}

function Ended({ state, language: { say, tag } }: ViewProps) {
  const { ended } = state;
  if (ended === null) return null;
  if (ended.made === null) {
    return (
      <Notice kind="bad" takesFocus>
        {say(ended.key)}
      </Notice>
    );
  }
  const { id, amount, currency } = ended.made;
  return (
    <Notice kind="good" takesFocus key={id}>
      {say('made', { amount: formatAmount(amount, currency, tag) })}
    </Notice>
  );
}
