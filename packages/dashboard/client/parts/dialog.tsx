import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';

interface DialogProps {
  /** The words on the button that opens it. */
  readonly open: string;
  readonly title: string;
  readonly kind?: 'primary' | 'danger' | 'plain';
  readonly children: (close: () => void) => ComponentChildren;
}

/** A button that asks before something is done. The browser's own dialog keeps the keyboard in it, and Escape closes it. */
export function Dialog({ open, title, kind = 'plain', children }: DialogProps) {
  const [isOpen, setOpen] = useState(false);
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  useEffect(() => {
    if (isOpen) dialog.current?.showModal();
  }, [isOpen]);
  const close = () => {
    dialog.current?.close();
    setOpen(false);
  };
  return (
    <>
      <button type="button" class={kind} onClick={() => setOpen(true)}>
        {open}
      </button>
      {isOpen && (
        <dialog ref={dialog} aria-labelledby={id} onClose={() => setOpen(false)}>
          <h2 id={id}>{title}</h2>
          {children(close)}
        </dialog>
      )}
    </>
  );
}

/** The button that leaves a dialog as it was. */
export function Cancel({ close }: { readonly close: () => void }) {
  return (
    <button type="button" onClick={close}>
      Cancel
    </button>
  );
}
