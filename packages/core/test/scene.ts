import type { IssueApiKeyOptions, IssuedApiKey } from '../src/api-key/issue.js';
import { type Auth, createAuth } from '../src/auth.js';
import type { SecurityEvent } from '../src/events.js';
import type { AuthOptions } from '../src/options.js';
import { type FakeStorage, fakeStorage } from './fake-storage.js';

export const START = Date.UTC(2026, 0, 1);
export const SECRET = '0123456789abcdef0123456789abcdef';

/** Authentication on a fake storage, with a clock that the test moves, and both sides of the business `biz_1`. */
export interface Scene {
  readonly auth: Auth;
  readonly storage: FakeStorage;
  readonly clock: { now: number };
  readonly events: SecurityEvent[];
  readonly errors: unknown[];
  issue(options?: Partial<IssueApiKeyOptions>): Promise<IssuedApiKey>;
}

export async function scene(options: Partial<AuthOptions> = {}): Promise<Scene> {
  const storage = fakeStorage();
  const clock = { now: START };
  const events: SecurityEvent[] = [];
  const errors: unknown[] = [];
  const auth = createAuth({
    storage,
    ...(options.secrets === undefined ? { secret: SECRET } : {}),
    now: () => clock.now,
    onSecurityEvent: (event) => void events.push(event),
    onError: (error) => void errors.push(error),
    ...options,
  });
  await auth.businesses.create({ id: 'biz_1' });
  storage.calls.length = 0;
  return {
    auth,
    storage,
    clock,
    events,
    errors,
    async issue(key = {}) {
      const issued = await auth.apiKeys.issue({ businessId: 'biz_1', name: 'server', ...key });
      storage.calls.length = 0;
      events.length = 0;
      return issued;
    },
  };
}
