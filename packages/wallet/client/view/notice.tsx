import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

interface NoticeProps {
  readonly kind: 'good' | 'open' | 'bad';
  /** Whether it is where a keyboard and a screen reader go on, once it is there. */
  readonly takesFocus?: boolean;
  readonly children: ComponentChildren;
}

/** Something that has happened. */
export function Notice({ kind, takesFocus = false, children }: NoticeProps) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (takesFocus) box.current?.focus();
  }, [takesFocus]);
  return (
    <div class={`notice ${kind}`} ref={box} tabIndex={-1} {...(takesFocus ? {} : { role: 'status' })}>
      <p>{children}</p>
    </div>
  );
}
