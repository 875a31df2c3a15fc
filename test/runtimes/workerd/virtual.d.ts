/** Written by `bundle.mjs`: every test file of one worker, by its path, loaded when it is called. */
declare module 'virtual:test-files' {
  export const testFiles: Record<string, () => Promise<unknown>>;
}
