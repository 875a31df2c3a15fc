/** A progress bar. */
export interface Bar {
  /** So many are done by now. */
  at(done: number): void;
  end(): void;
}

/** The world of one run. */
export interface Io {
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The directory that paths are relative to. */
  readonly directory: string;
  /** The operator's name where the command line has none. */
  readonly user: string;
  /** Results. Resolves when more can be written. */
  write(text: string): Promise<void>;
  /** Messages for a person. */
  tell(text: string): void;
  /** Asks yes or no; `null` where nobody sits there. */
  readonly ask: ((question: string) => Promise<boolean>) | null;
  /** Shows how far a long work is; `null` where nobody looks. */
  readonly bar: ((title: string, total: number) => Bar) | null;
}
