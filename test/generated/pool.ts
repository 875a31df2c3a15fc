import type { Received } from '../http/target.js';
import type { Chances } from './chances.js';

/** What answers have told, so that later requests name what exists. */
export class Pool {
  readonly #known = new Map<string, string[]>();

  /** Keeps what an answer names. */
  learn(template: string, { status, body }: Received): void {
    if (status !== 200 || body === '') return;
    const answer = JSON.parse(body) as Answer;
    if (answer.hash !== undefined) this.#add('hash', answer.hash);
    for (const { id, generation, status: state } of [answer, ...(answer.items ?? [])]) {
      if (typeof id !== 'string') continue;
      if (id.startsWith('usr_')) this.#add(state === 'closed' ? 'closed user' : 'user', id);
      else if (template.includes('withdraw')) this.#add(`${state} withdrawal`, id);
      if (generation !== undefined) this.#add('generation', String(generation));
    }
    if (typeof answer.next_cursor === 'string') this.#add(`cursor of ${template}`, answer.next_cursor);
  }

  /** Something that is known of this kind, more often of late than of old. */
  one(kind: string, chances: Chances): string | undefined {
    return chances.any(this.#known.get(kind) ?? []);
  }

  /** Something of one of these kinds. */
  oneOf(kinds: readonly string[], chances: Chances): string | undefined {
    const there = kinds.filter((kind) => this.#known.has(kind));
    return this.one(chances.any(there) ?? '', chances);
  }

  #add(kind: string, name: string): void {
    const names = this.#known.get(kind) ?? [];
    this.#known.set(kind, [...names.filter((known) => known !== name).slice(-30), name]);
  }
}

interface Answer {
  readonly hash?: string;
  readonly id?: unknown;
  readonly generation?: number;
  readonly status?: string;
  readonly items?: readonly Answer[];
  readonly next_cursor?: unknown;
}
