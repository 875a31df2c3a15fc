import type { Field, FieldKind } from '../fields.js';
import { humanized } from '../fields.js';
import type { Say } from '../messages/messages.js';

interface CommonProps {
  readonly id: string;
  readonly value: string;
  readonly problem: string | null;
  readonly onInput: (value: string) => void;
}

/** Where to write the amount. */
export function AmountField({ id, label, value, problem, onInput }: CommonProps & { readonly label: string }) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        class="amount"
        dir="ltr"
        inputMode="decimal"
        autoComplete="off"
        required
        value={value}
        aria-invalid={problem !== null}
        aria-describedby={`${id}-problem`}
        onInput={({ currentTarget }) => onInput(currentTarget.value)}
      />
      <Wrong id={id} problem={problem} />
    </div>
  );
}

interface InputFieldProps extends CommonProps {
  readonly field: Field;
  readonly say: Say;
}

/** A field of the destination. */
export function InputField({ field, say, ...props }: InputFieldProps) {
  const { id, value, problem, onInput } = props;
  const { label, hint, kind, required, nullable } = field;
  const isRequired = required && !nullable;
  const common = {
    id,
    required: isRequired && kind !== 'yes_no',
    'aria-invalid': problem !== null,
    'aria-describedby': `${id}-hint ${id}-problem`,
  };
  const name = (
    <label for={id}>
      <bdi>{label}</bdi>
      {!isRequired && kind !== 'yes_no' && <span class="muted"> ({say('optional')})</span>}
    </label>
  );
  return (
    <div class={kind === 'yes_no' ? 'field tick' : 'field'}>
      {kind !== 'yes_no' && name}
      {hint !== null && (
        <p class="muted" id={`${id}-hint`}>
          <bdi>{hint}</bdi>
        </p>
      )}
      {kind === 'choice' ? (
        <select {...common} value={value} onChange={({ currentTarget }) => onInput(currentTarget.value)}>
          <option value="">{say('choose')}</option>
          {field.choices.map((choice) => (
            <option key={choice} value={String(choice)}>
              {typeof choice === 'string' ? humanized(choice) : choice}
            </option>
          ))}
        </select>
      ) : kind === 'yes_no' ? (
        <input
          {...common}
          type="checkbox"
          checked={value === 'true'}
          onChange={({ currentTarget }) => onInput(String(currentTarget.checked))}
        />
      ) : (
        <input
          {...common}
          {...TYPES[kind]}
          value={value}
          // What is typed is a credential to money: a dictionary learns nothing from it, and nothing is put right by guess.
          spellcheck={false}
          onInput={({ currentTarget }) => onInput(currentTarget.value)}
        />
      )}
      {kind === 'yes_no' && name}
      <Wrong id={id} problem={problem} />
    </div>
  );
}

// Never `type="number"`: it takes what it does not show, and changes when somebody scrolls.
const TYPES = {
  text: { type: 'text', dir: 'auto', autocapitalize: 'off', autoComplete: 'off' },
  email: { type: 'email', dir: 'ltr', autoComplete: 'email' },
  tel: { type: 'tel', dir: 'ltr', autoComplete: 'tel' },
  url: { type: 'url', dir: 'ltr', autoComplete: 'off' },
  date: { type: 'date', autoComplete: 'off' },
  number: { type: 'text', dir: 'ltr', inputMode: 'decimal', autoComplete: 'off' },
  integer: { type: 'text', dir: 'ltr', inputMode: 'numeric', autoComplete: 'off' },
} as const satisfies Record<Exclude<FieldKind, 'choice' | 'yes_no'>, object>;

function Wrong({ id, problem }: Pick<CommonProps, 'id' | 'problem'>) {
  return (
    <p class="problem" id={`${id}-problem`}>
      {problem !== null && <bdi>{problem}</bdi>}
    </p>
  );
}
