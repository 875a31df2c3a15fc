import type { EndpointRef } from '@bursar/payouts/storage';
import type { TakenDelivery } from './deliver.js';

interface Lane extends EndpointRef {
  running: number;
  readonly waiting: TakenDelivery[];
}

/** What this process has taken: a lane for each endpoint, so that a slow one holds up none but itself. */
export class Lanes {
  readonly #lanes = new Map<string, Lane>();
  readonly #underWay = new Set<Promise<void>>();
  #changes = 0;
  #wake: () => void = () => undefined;

  /** @param deliver Sends one delivery; does not reject. */
  constructor(
    readonly concurrency: number,
    readonly concurrencyPerEndpoint: number,
    readonly deliver: (taken: TakenDelivery) => Promise<void>,
  ) {}

  /** How many more may be sent now. */
  get room(): number {
    return this.concurrency - this.#underWay.size;
  }

  /** Nothing is under way, and nothing waits. */
  get isEmpty(): boolean {
    return this.#lanes.size === 0;
  }

  /** Grows with each delivery that ends, and with each `nudge`. */
  get changes(): number {
    return this.#changes;
  }

  /** The endpoints that nothing more can be sent to now. */
  busy(): EndpointRef[] {
    return [...this.#lanes.values()]
      .filter(({ running, waiting }) => running >= this.concurrencyPerEndpoint || waiting.length > 0)
      .map(({ businessId, endpointId }) => ({ businessId, endpointId }));
  }

  /** Sends a delivery, or lets it wait for those before it in its lane. */
  add(taken: TakenDelivery): void {
    const { businessId, endpointId } = taken.delivery;
    const key = `${businessId}\0${endpointId}`;
    const lane = this.#lanes.get(key) ?? { businessId, endpointId, running: 0, waiting: [] };
    this.#lanes.set(key, lane);
    lane.waiting.push(taken);
    this.#advance(key, lane);
  }

  /** Resolves at the next change. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** Wakes whoever waits for a change. */
  nudge(): void {
    this.#changes++;
    this.#wake();
  }

  /** Takes out what waits, so that nothing more is begun. */
  drain(): TakenDelivery[] {
    return [...this.#lanes.values()].flatMap(({ waiting }) => waiting.splice(0));
  }

  /** Resolves when nothing is under way. */
  async empty(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #advance(key: string, lane: Lane): void {
    while (lane.running < this.concurrencyPerEndpoint) {
      const next = lane.waiting.shift();
      if (next === undefined) break;
      lane.running++;
      const sending: Promise<void> = this.deliver(next).then(() => {
        lane.running--;
        this.#underWay.delete(sending);
        this.#advance(key, lane);
        this.nudge();
      });
      this.#underWay.add(sending);
    }
    if (lane.running === 0 && lane.waiting.length === 0) this.#lanes.delete(key);
  }
}
