/** A migration is imported as its text: by tsup and esbuild with a loader, by Vitest with a plugin. */
declare module '*.sql' {
  const sql: string;
  export = sql;
}
