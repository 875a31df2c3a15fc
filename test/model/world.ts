import { type Cents, type Payouts, verifyLedger } from '@bursar/payouts';
import type { BursarStorage, LedgerItem, Transfer } from '@bursar/payouts/storage';
import { BUSINESS, openPayouts } from '../faults/scene.js';
import { Balances, held } from './balances.js';

export const FEE = 3;

const businessId = BUSINESS as Transfer['businessId'];

/** Something that can be asked again with the same key. */
export interface Request {
  readonly send: () => Promise<{ readonly ok: boolean; readonly replayed: boolean }>;
  readonly ok: boolean;
}

/** What the model knows. Users, withdrawals and holds are named by the order in which they came. */
export class Model {
  readonly balances = new Balances();
  now = Date.UTC(2026, 0, 1);
  readonly users = new Map<number, { closed: boolean }>();
  readonly withdrawals: {
    readonly user: number;
    readonly amount: number;
    status: 'queued' | 'succeeded' | 'failed' | 'returned';
  }[] = [];
  readonly holds: { readonly amount: number; readonly expiresAt: number; open: boolean }[] = [];
}

/** The real thing, with a clock that follows the model's. */
export class World {
  readonly payouts: Payouts;
  readonly requests: Request[] = [];
  readonly userIds = new Map<number, string>();
  readonly withdrawalIds: string[] = [];
  /** How many commands have run. */
  compared = 0;
  #names = 0;

  private constructor(
    readonly storage: BursarStorage,
    readonly clock: { now: number },
  ) {
    this.payouts = openPayouts(storage, { now: () => clock.now, fee: FEE });
  }

  static async open(open: OpenStorage): Promise<World> {
    const clock = { now: new Model().now };
    const world = new World(await open(() => clock.now), clock);
    await world.payouts.auth.businesses.create({ id: BUSINESS });
    return world;
  }

  /** A name that no other has. */
  name(): string {
    this.#names++;
    return `name-${this.#names}`;
  }

  /** Orders that come with a key, and are kept so that they can be asked again. */
  async ask<Outcome extends { readonly ok: boolean; readonly replayed: boolean }>(
    send: (key: { readonly businessId: string; readonly idempotencyKey: string }) => Promise<Outcome>,
  ): Promise<Outcome> {
    const key = { businessId: BUSINESS, idempotencyKey: this.name() };
    const outcome = await send(key);
    this.requests.push({ send: () => send(key), ok: outcome.ok });
    return outcome;
  }

  /** A transfer of the ledger itself, from the balance to the payout balance. */
  async transfer(
    own: Pick<Transfer, 'id' | 'phase' | 'pendingId' | 'timeoutSeconds'>,
    amount: number,
  ): Promise<boolean> {
    const opening = { businessId, currency: 'USD', debitsMustNotExceedCredits: true } as const;
    const item: LedgerItem = {
      businessId,
      conditions: {},
      openAccounts: [
        { ...opening, id: 'balance', kind: 'balance' },
        { ...opening, id: 'payout_balance', kind: 'payout_balance' },
      ],
      openPayoutUser: null,
      creditPayoutUserId: null,
      transfers: [
        {
          ...own,
          businessId,
          debitAccountId: 'balance',
          creditAccountId: 'payout_balance',
          amount: amount as Cents,
          code: 'fund',
          reference: null,
          metadata: null,
          requestDigest: 'f'.repeat(64) as Transfer['requestDigest'],
        },
      ],
    };
    return (await this.payouts.ledger.transfer(item)).status === 'applied';
  }

  /** @throws where a balance is another than the model's. */
  async compare({ balances }: Model): Promise<void> {
    this.compared++;
    const users = [...this.userIds].map(([user, id]) => [id, accountOf(user)] as const);
    const own = ['external', 'balance', 'payout_balance', 'paid_out', 'fees'].map((id) => [id, id] as const);
    const all = [...own, ...users];
    const accounts = await this.storage.findAccounts(all.map(([id]) => ({ businessId, id })));
    for (const [index, [, name]] of all.entries()) {
      const { creditsPosted = 0, debitsPosted = 0, debitsPending = 0 } = accounts[index] ?? {};
      expectSame(`the balance of ${name}`, creditsPosted - debitsPosted - debitsPending, balances.of(name));
      expectSame(`what is reserved of ${name}`, debitsPending, balances.of(held(name)));
    }
  }

  /** @throws where the books are not in order, or hold more or less than the model made. */
  async prove({ balances }: Model): Promise<void> {
    const report = await verifyLedger(this.storage);
    if (!report.ok) throw new Error(`the books are wrong: ${JSON.stringify(report)}`);
    expectSame('the number of transfers', report.transfers, balances.transfers);
  }
}

/** Makes an empty storage with this clock. */
export type OpenStorage = (now: () => number) => Promise<BursarStorage> | BursarStorage;

/** The model's name of a payout user's account. */
export const accountOf = (user: number): string => `user ${user}`;

/** @throws where they differ. */
export function expectSame(what: string, found: unknown, expected: unknown): void {
  if (found !== expected) throw new Error(`${what} is ${String(found)}, and by the model ${String(expected)}`);
}
