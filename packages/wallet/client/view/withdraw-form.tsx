import type { PayoutMethod } from '@bursar/client';
import { useEffect, useRef } from 'preact/hooks';
import { formatAmount, parseAmount, typedAmount } from '../amount.js';
import { fieldsOf } from '../fields.js';
import { typedInto } from '../filled-form.js';
import { everythingOf } from '../order.js';
import { AmountField, InputField } from './field.js';
import { problemText } from './problem-text.js';
import type { ViewProps } from './props.js';

/** The methods as cards, and the form of the one that is chosen. */
export function WithdrawForm(props: ViewProps) {
  const { state, language, wallet } = props;
  const { say } = language;
  const method = state.methods.find(({ id }) => id === state.methodId);
  if (state.methods.length === 0) {
    return (
      <section aria-labelledby="withdraw">
        <h2 id="withdraw">{say('withdraw')}</h2>
        <p class="muted">{say('noMethods')}</p>
      </section>
    );
  }
  return (
    <section aria-labelledby="withdraw">
      <h2 id="withdraw">{say('withdraw')}</h2>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void wallet.submit();
        }}
      >
        {Object.keys(state.problems).length > 0 && <Summary {...props} />}
        <fieldset class="methods" disabled={state.order !== null}>
          <legend>{say('chooseMethod')}</legend>
          {state.methods.map((one) => (
            <Card key={one.id} method={one} {...props} />
          ))}
        </fieldset>
        {method !== undefined && <Fields key={method.id} method={method} {...props} />}
      </form>
    </section>
  );
}

interface OfMethod extends ViewProps {
  readonly method: PayoutMethod;
}

function Card({ method, state, language: { say, tag }, wallet }: OfMethod) {
  const { id, name, minimum, maximum, fee, currency } = method;
  const money = (amount: number) => formatAmount(amount, currency, tag);
  return (
    <label class="card">
      <input type="radio" name="method" value={id} checked={state.methodId === id} onChange={() => wallet.choose(id)} />
      <span>
        <bdi class="name">{name}</bdi>
        <span class="muted">{say('range', { minimum: money(minimum), maximum: money(maximum) })}</span>
        <span class="muted">
          {fee === null ? say('feeByAmount') : fee === 0 ? say('free') : say('fee', { fee: money(fee) })}
        </span>
      </span>
    </label>
  );
}

function Fields({ method, ...props }: OfMethod) {
  const { state, language, wallet } = props;
  const { say, tag } = language;
  const groups = fieldsOf(method.destination);
  if (groups === null) return <p class="muted">{say('unsupported')}</p>;
  const typed = state.typed[method.id] ?? {};
  const isSending = state.order !== null;
  const everything = everythingOf(method, state.balance?.balance ?? 0);
  return (
    <>
      <fieldset class="bare" disabled={isSending}>
        <AmountField
          id={idOf('amount')}
          label={say('amount', { currency: method.currency })}
          value={typed.amount ?? ''}
          problem={problemText(state.problems.amount, 'amount', say('amount', { currency: method.currency }), say)}
          onInput={(value) => wallet.type('amount', value)}
        />
        {everything !== null && (
          <button
            type="button"
            class="plain"
            onClick={() => wallet.type('amount', typedAmount(everything, method.currency, tag))}
          >
            {say('everything', { amount: formatAmount(everything, method.currency, tag) })}
          </button>
        )}
      </fieldset>
      {groups.map(({ label, fields }) => (
        <fieldset class={label === null ? 'bare' : 'group'} disabled={isSending} key={label ?? ''}>
          {label !== null && (
            <legend>
              <bdi>{label}</bdi>
            </legend>
          )}
          {fields.map((field) => (
            <InputField
              key={field.path}
              id={idOf(field.path)}
              field={field}
              value={typedInto(field, typed)}
              problem={problemText(state.problems[field.path], field.path, field.label, say)}
              say={say}
              onInput={(value) => wallet.type(field.path, value)}
            />
          ))}
        </fieldset>
      ))}
      <Total method={method} typed={typed.amount ?? ''} {...props} />
      {/* Not disabled: it would lose the focus. The wallet takes one order at a time. */}
      <button type="submit" class="main" aria-disabled={isSending}>
        {say(isSending ? 'sending' : 'submit')}
      </button>
    </>
  );
}

function Total({ method, typed, language: { say, tag } }: OfMethod & { readonly typed: string }) {
  const { fee, currency } = method;
  const amount = parseAmount(typed, currency, tag);
  if (amount === null || fee === null || fee === 0) return null;
  const money = (value: number) => formatAmount(value, currency, tag);
  return <p class="muted">{say('total', { amount: money(amount), fee: money(fee), total: money(amount + fee) })}</p>;
}

/** An id in this page. The name of a member may have anything in it, and an id no blanks. */
function idOf(path: string): string {
  return `field-${encodeURIComponent(path)}`;
}

/** What is wrong, with the way to each field. */
function Summary({ state, language: { say } }: ViewProps) {
  const box = useRef<HTMLDivElement>(null);
  // Each time that the form is handed in and found wrong, and not while it is put right.
  useEffect(() => box.current?.focus(), [state.refusals]);
  const method = state.methods.find(({ id }) => id === state.methodId);
  const labels = new Map([
    ['amount', say('amount', { currency: method?.currency ?? '' })],
    ...(fieldsOf(method?.destination ?? {}) ?? []).flatMap(({ fields }) =>
      fields.map(({ path, label }) => [path, label] as const),
    ),
  ]);
  const goTo = (path: string) =>
    (box.current?.getRootNode() as ShadowRoot | undefined)?.getElementById(idOf(path))?.focus();
  return (
    <section class="notice bad" ref={box} tabIndex={-1} aria-labelledby="correct">
      <p id="correct">{say('correct')}</p>
      <ul>
        {Object.entries(state.problems).map(([path, problem]) => {
          const label = labels.get(path);
          const text = problemText(problem, path, label ?? path, say);
          return (
            <li key={path}>
              {label === undefined ? (
                <bdi>{text}</bdi>
              ) : (
                <button type="button" class="plain" onClick={() => goTo(path)}>
                  <bdi>{label}</bdi>: <bdi>{text}</bdi>
                </button>
              )}
            </li>
          );
        })}
      </ul>
    </section>
  );
}
