import type { Fetch, FetchAnswer } from '../src/index.js';
import { answer } from './scene.js';

/** What becomes of one attempt. */
export type Step = (api: Fetch, ...request: Parameters<Fetch>) => Promise<FetchAnswer> | 'hangs';

const reset = (): Error => new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'ECONNRESET' }) });

/** The connection breaks before the request is there. */
export const dropsBefore: Step = () => Promise.reject(reset());

/** The connection breaks before the answer is there. */
export const dropsAfter: Step = async (api, ...request) => {
  await api(...request);
  throw reset();
};

/** The answer takes for ever. */
export const hangsAfter: Step = (api, ...request) => {
  void api(...request);
  return 'hangs';
};

/** The connection breaks in the middle of the answer. */
export const truncates: Step = async (api, ...request) => {
  const text = await (await api(...request)).text();
  return answer(200, text.slice(0, -4));
};

/** Somebody on the way answers. */
export const answers =
  (status: number, body: unknown, headers: Record<string, string> = {}): Step =>
  async () =>
    answer(status, body, headers);

/** Somebody on the way replaces the answer. */
export const replaces =
  (status: number, body: unknown): Step =>
  async (api, ...request) => {
    await api(...request);
    return answer(status, body);
  };

export const HTML = '<!doctype html><title>Sign in</title>';

/** A transport with a step for each attempt, and its own time: it stands still but for waits, and for what hangs. */
export class Flaky {
  now = Date.UTC(2026, 0, 1);
  /** How long was waited between the attempts, in milliseconds. */
  readonly waits: number[] = [];
  attempts = 0;
  /** What is done while a wait lasts. */
  onWait: () => void = () => {};
  /** What is done while an attempt hangs; without it, its time runs out. */
  onHang: (() => void) | undefined;
  #asking: 'no' | 'answers' | 'hangs' = 'no';

  constructor(
    readonly api: Fetch,
    readonly steps: readonly Step[],
  ) {}

  readonly fetch: Fetch = async (...request) => {
    const step = this.steps[this.attempts] ?? ((api: Fetch, ...last: Parameters<Fetch>) => api(...last));
    this.attempts += 1;
    const answered = step(this.api, ...request);
    this.#asking = answered === 'hangs' ? 'hangs' : 'answers';
    if (answered === 'hangs') return new Promise(() => {});
    try {
      return await answered;
    } finally {
      this.#asking = 'no';
    }
  };

  readonly sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      if (this.#asking === 'answers' || (this.#asking === 'hangs' && this.onHang !== undefined)) {
        signal.addEventListener('abort', () => resolve());
        if (this.#asking === 'hangs') queueMicrotask(() => this.onHang?.());
        return;
      }
      if (this.#asking === 'no') {
        this.waits.push(ms);
        this.onWait();
      }
      this.#asking = 'no';
      this.now += ms;
      resolve();
    });

  /** The options of a client. */
  get options() {
    return { fetch: this.fetch, sleep: this.sleep, now: () => this.now, random: () => 0.5 };
  }
}
