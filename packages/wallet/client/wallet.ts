import type { ClientError, PayoutMethod, PayoutUserClient } from '@bursar/client';
import { changedOf, isUnderWay, waitMs, withNewest, withOlder } from './following.js';
import { readForm } from './order.js';
import { refusedFields } from './refusal.js';
import type { Order, Session } from './session.js';
import { INITIAL, type WalletState } from './state.js';

/** What a wallet is made of. */
export interface WalletOptions {
  /** Makes the client of a payout hash. @throws {TypeError} where the API cannot be there. */
  readonly clientOf: (payoutHash: string) => PayoutUserClient;
  readonly session: Session;
  /** In which amounts are typed. */
  readonly language: () => string;
  /** A new key that nobody can guess. */
  readonly newKey: () => string;
  /** Runs something later; gives what calls it off. */
  readonly after: (ms: number, run: () => void) => () => void;
  /** Whether anybody can see it: nothing is asked for while not. */
  readonly isVisible: () => boolean;
  /** Is told of each change. */
  readonly onChange: (state: WalletState) => void;
}

/** The refusals after which an order that was asked for again may still have been made the first time. */
const SAYS_NOTHING: ReadonlySet<ClientError['code']> = new Set([
  'unknown_outcome',
  'too_many_requests',
  'service_unavailable',
  'payouts_disabled',
  'invalid_payout_hash',
  'missing_credential',
  'aborted',
]);

/** A payout user's wallet: what it shows, and what can be done in it. It has no page of its own. */
export class Wallet {
  readonly #options: WalletOptions;
  #state: WalletState = INITIAL;
  #client: PayoutUserClient | undefined;
  #hash = '';
  #end = new AbortController();
  /** Counts the looks, so that the answer to an older one changes nothing. */
  #look = 0;
  #waited = 0;
  #asked = 0;
  #nextLook: () => void = () => {};
  #nextAsk: () => void = () => {};

  constructor(options: WalletOptions) {
    this.#options = options;
  }

  /** What it shows. */
  get state(): WalletState {
    return this.#state;
  }

  /** Shows that a link was cut off. */
  showBrokenLink(): void {
    this.close();
    this.#state = INITIAL;
    this.#set({ phase: 'bad_link' });
  }

  /**
   * Opens the wallet of a payout hash, or without one that of the session; with the order there whose outcome is not known,
   * which is asked for again.
   */
  async open(payoutHash: string | null): Promise<void> {
    this.close();
    this.#end = new AbortController();
    const { session, clientOf } = this.#options;
    const known = session.read();
    const hash = payoutHash ?? known?.hash;
    this.#state = INITIAL;
    if (hash === undefined) return this.#set({ phase: 'no_link' });
    const order = known?.hash === hash ? known.order : null;
    session.write({ hash, order });
    this.#hash = hash;
    try {
      this.#client = clientOf(hash);
    } catch {
      return this.#set({ phase: 'wrong_setup' });
    }
    this.#set({ phase: 'loading', order: order && { stage: 'asking', order } });
    await Promise.all([this.#lookNow(true), order === null ? undefined : this.#send(order)]);
  }

  /** Ends everything that is under way. An order on its way stays in the session. */
  close(): void {
    this.#end.abort();
    this.#nextLook();
    this.#nextAsk();
    this.#look++;
    this.#client = undefined;
  }

  /** Looks, and asks, at once: somebody came back to the page, or the network did, or wants to try again. */
  async wake(): Promise<void> {
    if (this.#client === undefined || !this.#options.isVisible() || this.#state.phase === 'link_over') return;
    this.#waited = 0;
    this.#asked = 0;
    const { order } = this.#state;
    const isOpen = order?.stage === 'asking';
    await Promise.all([this.#lookNow(this.#state.phase !== 'ready'), isOpen ? this.#send(order.order) : undefined]);
  }

  /** Chooses a method. What was typed for another one stays with that. */
  choose(methodId: string): void {
    this.#set({ methodId, problems: {}, ended: null });
  }

  /** Takes what was typed into a field of the chosen method. */
  type(path: string, value: string): void {
    const { methodId, typed, problems } = this.#state;
    if (methodId === null) return;
    const { [path]: _, ...others } = problems;
    this.#set({ typed: { ...typed, [methodId]: { ...typed[methodId], [path]: value } }, problems: others });
  }

  /**
   * Hands the form in. While an order is on its way, or nobody knows what became of it, this does nothing: two clicks are
   * one withdrawal.
   */
  async submit(): Promise<void> {
    const method = this.#method();
    if (method === undefined || this.#state.order !== null || this.#state.phase !== 'ready') return;
    const read = readForm(method, this.#state.typed[method.id] ?? {}, this.#options.language());
    if (!read.ok) return this.#set({ problems: read.problems, refusals: this.#state.refusals + 1, ended: null });
    const order: Order = { idempotencyKey: this.#options.newKey(), ...read.order };
    // Before it is sent: after a crash or a reload it has to be asked for with the same key.
    this.#options.session.write({ hash: this.#hash, order });
    this.#set({ order: { stage: 'sending', order }, problems: {}, ended: null });
    await this.#send(order);
  }

  /** Asks for older withdrawals, or for older lines of the history. */
  async more(list: 'withdrawals' | 'operations'): Promise<void> {
    const cursor = this.#state[list].nextCursor;
    const { signal } = this.#end;
    if (this.#client === undefined || cursor === null) return;
    if (list === 'withdrawals') {
      const page = await this.#client.withdrawals.list({ signal }).page(cursor);
      if (page.ok) this.#set({ withdrawals: withOlder(this.#state.withdrawals, page.value) }, signal);
      else this.#failed(page.error, signal);
    } else {
      const page = await this.#client.operations({ signal }).page(cursor);
      if (page.ok) this.#set({ operations: withOlder(this.#state.operations, page.value) }, signal);
      else this.#failed(page.error, signal);
    }
  }

  #set(change: Partial<WalletState>, signal = this.#end.signal): void {
    // What an earlier link's client answers late belongs to nobody.
    if (signal !== this.#end.signal) return;
    this.#state = { ...this.#state, ...change };
    this.#options.onChange(this.#state);
  }

  #method(): PayoutMethod | undefined {
    return this.#state.methods.find(({ id }) => id === this.#state.methodId);
  }

  /** Asks where everything stands, and plans the next look. `whole`: the methods and the history too. */
  async #lookNow(whole: boolean): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#nextLook();
    const look = ++this.#look;
    const { signal } = this.#end;
    const isOver = (): boolean => look !== this.#look || signal.aborted;
    const [balance, withdrawals, methods] = await Promise.all([
      client.balance({ signal }),
      client.withdrawals.list({ signal }).page(),
      whole ? client.methods({ signal }) : null,
    ]);
    if (isOver()) return;
    if (!balance.ok) return this.#failed(balance.error, signal);
    if (!withdrawals.ok) return this.#failed(withdrawals.error, signal);
    if (methods?.ok === false) return this.#failed(methods.error, signal);
    const before = this.#state;
    const changed = changedOf(before.withdrawals.items, withdrawals.value.items);
    const isNew = whole || changed.length > 0 || balance.value.balance !== before.balance?.balance;
    const operations = isNew ? await client.operations({ signal }).page() : null;
    if (isOver()) return;
    if (operations?.ok === false) return this.#failed(operations.error, signal);
    this.#waited = isNew ? 0 : this.#waited + 1;
    const open = methods?.value ?? before.methods;
    const [only, another] = open;
    const isChosen = open.some(({ id }) => id === this.#state.methodId);
    this.#set({
      phase: 'ready',
      reachable: true,
      balance: balance.value,
      methods: open,
      methodId: isChosen ? this.#state.methodId : only !== undefined && another === undefined ? only.id : null,
      withdrawals: withNewest(this.#state.withdrawals, withdrawals.value),
      ...(operations === null ? {} : { operations: withNewest(this.#state.operations, operations.value) }),
      changed: changed[0] ?? this.#state.changed,
    });
    if (this.#state.withdrawals.items.some(isUnderWay)) this.#planLook();
  }

  #planLook(): void {
    this.#nextLook();
    const whole = this.#state.phase !== 'ready';
    this.#nextLook = this.#options.after(waitMs(this.#waited), () => {
      // Whoever shows the page again calls `wake`.
      if (this.#options.isVisible()) void this.#lookNow(whole);
    });
  }

  #failed(error: ClientError, signal: AbortSignal): void {
    if (signal.aborted) return;
    const phase = phaseOf(error);
    this.#set(phase === undefined ? { reachable: false } : { reachable: true, phase }, signal);
    if (phase !== undefined) return;
    this.#waited++;
    this.#planLook();
  }

  async #send(order: Order): Promise<void> {
    const client = this.#client;
    if (client === undefined) return;
    this.#nextAsk();
    const { signal } = this.#end;
    const { method, amount, destination, idempotencyKey } = order;
    const wasOpen = this.#state.order?.stage === 'asking';
    const sent = await client.withdraw({ method, amount, destination }, { idempotencyKey, signal });
    // Another answer to the same order came first.
    if (signal.aborted || this.#state.order?.order !== order) return;
    const isOpen =
      !sent.ok && (sent.error.code === 'unknown_outcome' || (wasOpen && SAYS_NOTHING.has(sent.error.code)));
    if (isOpen) return this.#askLater(order, sent.error);
    this.#options.session.write({ hash: this.#hash, order: null });
    if (sent.ok) {
      const { methodId, methods, typed, withdrawals } = this.#state;
      const others = withdrawals.items.filter(({ id }) => id !== sent.value.id);
      this.#set({
        order: null,
        ended: { made: sent.value },
        methodId: methods.length === 1 ? methodId : null,
        typed: { ...typed, [method]: {} },
        withdrawals: { ...withdrawals, items: [sent.value, ...others] },
      });
      this.#waited = 0;
      return this.#lookNow(true);
    }
    this.#refused(order, sent.error);
  }

  #askLater(order: Order, error: ClientError): void {
    const phase = phaseOf(error) ?? (error.code === 'unknown_outcome' ? phaseOf(error.cause) : undefined);
    this.#set({ order: { stage: 'asking', order }, ...(phase === undefined ? {} : { phase }) });
    if (phase !== undefined) return;
    this.#nextAsk = this.#options.after(waitMs(this.#asked++), () => {
      if (this.#options.isVisible()) void this.#send(order);
    });
  }

  #refused(order: Order, error: ClientError): void {
    const { methods, methodId, refusals } = this.#state;
    const method = methods.find(({ id }) => id === order.method);
    const problems = method === undefined ? null : refusedFields(error, method, this.#options.language());
    const phase = phaseOf(error);
    if (phase !== undefined) {
      this.#set({ order: null, phase });
    } else if (problems !== null && order.method === methodId) {
      this.#set({ order: null, problems, refusals: refusals + 1 });
    } else {
      const key = error.code === 'too_many_requests' ? 'busy' : problems === null ? 'refused' : 'notMade';
      this.#set({ order: null, ended: { made: null, key } });
    }
  }
}

/** What the whole page is about after an error; `undefined` where it is not. */
function phaseOf({ code }: ClientError): 'link_over' | 'payouts_off' | undefined {
  if (code === 'invalid_payout_hash' || code === 'missing_credential') return 'link_over';
  return code === 'payouts_disabled' ? 'payouts_off' : undefined;
}
