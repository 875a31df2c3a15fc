import type { Problem } from '../filled-form.js';
import type { Say } from '../messages/messages.js';

/** What is wrong with a field, in words; in the server's own words the field is called by its label. */
export function problemText(problem: Problem | undefined, path: string, label: string, say: Say): string | null {
  if (problem === undefined) return null;
  if ('key' in problem) return say(problem.key, problem.values);
  return path === 'amount' ? problem.text : problem.text.replaceAll(path, () => label);
}
