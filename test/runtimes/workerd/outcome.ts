/** What became of one test, as the worker answers it. */
export interface Outcome {
  /** The file, the groups and the test. */
  name: string;
  state: 'pass' | 'fail' | 'skip';
  messages: string[];
}
