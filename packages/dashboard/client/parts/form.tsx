import { type ComponentChildren, createContext } from 'preact';
import { useContext, useId, useRef, useState } from 'preact/hooks';
import type { FieldErrors, Reply } from '../ask.js';

const Errors = createContext<FieldErrors>({});

/** What a form sends: each field's text by its name, and a key that makes it safe to send twice. */
interface Typed {
  readonly text: (name: string) => string;
  readonly all: (name: string) => readonly string[];
  readonly key: string;
}

interface FormProps<Body> {
  /** The words on the button. */
  readonly submit: string;
  /** How the button looks. @default 'primary' */
  readonly kind?: 'primary' | 'danger' | 'plain';
  readonly send: (typed: Typed) => Promise<Reply<Body>>;
  readonly done: (body: Body) => void;
  readonly children?: ComponentChildren;
  /** Beside the button. */
  readonly aside?: ComponentChildren;
}

/**
 * A form. While it is on its way it is not sent again; what was typed stays; each field says what is wrong with it. The key
 * changes with each answer, and stays where there was none: sent again, it is done once.
 */
export function Form<Body>({ submit, kind = 'primary', send, done, children, aside }: FormProps<Body>) {
  const [problem, setProblem] = useState<string>();
  const [fields, setFields] = useState<FieldErrors>({});
  const [isSending, setSending] = useState(false);
  const sending = useRef(false);
  const key = useRef(crypto.randomUUID());
  const form = useRef<HTMLFormElement>(null);
  const onSubmit = async (event: Event) => {
    event.preventDefault();
    if (sending.current || form.current === null) return;
    sending.current = true;
    setSending(true);
    const typed = new FormData(form.current);
    const text = (name: string) => String(typed.get(name) ?? '');
    const reply = await send({ text, all: (name) => typed.getAll(name).map(String), key: key.current });
    sending.current = false;
    setSending(false);
    if (reply.ok || reply.status !== 'lost') key.current = crypto.randomUUID();
    setFields(reply.ok ? {} : reply.fields);
    setProblem(reply.ok ? undefined : sentence(form.current, reply.message, reply.fields));
    if (reply.ok) done(reply.body);
    else focusFirst(form.current, reply.fields);
  };
  return (
    <form ref={form} onSubmit={(event) => void onSubmit(event)} noValidate>
      <Errors.Provider value={fields}>
        {problem !== undefined && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        {children}
        <div class="buttons">
          <button type="submit" class={kind} aria-disabled={isSending}>
            {submit}
          </button>
          {aside}
        </div>
      </Errors.Provider>
    </form>
  );
}

/** What is wrong with what has no field here is said above all. */
function sentence(form: HTMLFormElement | null, message: string, fields: FieldErrors): string {
  const others = Object.entries(fields).filter(([name]) => form?.elements.namedItem(name) == null);
  return others.length > 0 ? others.flatMap(([, told]) => told).join(' ') : message;
}

function focusFirst(form: HTMLFormElement | null, fields: FieldErrors): void {
  const first = [...(form?.elements ?? [])].find((element) =>
    Object.hasOwn(fields, (element as HTMLInputElement).name),
  );
  (first as HTMLElement | undefined)?.focus();
}

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: string;
  readonly children: (input: {
    readonly id: string;
    readonly name: string;
    readonly 'aria-describedby': string | undefined;
    readonly 'aria-invalid': boolean;
  }) => ComponentChildren;
}

/** A labelled field that says what is wrong with it. */
function Field({ name, label, hint, children }: FieldProps) {
  const id = useId();
  const told = useContext(Errors)[name];
  const described = [hint !== undefined && `${id}-hint`, told !== undefined && `${id}-error`].filter(Boolean).join(' ');
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {children({ id, name, 'aria-describedby': described || undefined, 'aria-invalid': told !== undefined })}
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {told !== undefined && (
        <p class="error" id={`${id}-error`}>
          {told.join(' ')}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'> {
  readonly type?: 'text' | 'email' | 'url' | 'date';
  readonly value?: string;
}

/** A field of one line. */
export function TextField({ type = 'text', value = '', ...field }: TextFieldProps) {
  return (
    <Field {...field}>
      {/* Preact has types of its own for each type of input; what is set here, all of these have. */}
      {(input) => <input {...input} type={type as 'text'} defaultValue={value} autocomplete="off" dir="auto" />}
    </Field>
  );
}

/** One of several. */
export function Choice({
  options,
  value,
  ...field
}: Omit<FieldProps, 'children'> & {
  readonly options: readonly (readonly [string, string])[];
  readonly value?: string;
}) {
  return (
    <Field {...field}>
      {(input) => (
        <select {...input}>
          {options.map(([option, words]) => (
            <option key={option} value={option} selected={option === value}>
              {words}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
