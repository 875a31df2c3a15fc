/** Many generated requests to one framework on one storage. */
import { verifyLedger } from '@bursar/payouts';
import { openApiDocument } from '@bursar/payouts/http';
import type { BursarStorage } from '@bursar/payouts/storage';
import { chance } from '../faults/chance.js';
import { type FaultReport, Problems, secondsSince } from '../faults/report.js';
import type { Framework } from '../http/frameworks.js';
import type { Received, Target } from '../http/target.js';
import { describedBy } from '../openapi/described.js';
import { Chances } from './chances.js';
import { Pool } from './pool.js';
import { type Generated, operationsOf, RequestMaker } from './requests.js';
import { generatedWorld } from './world.js';

/** What a run is told. */
export interface GeneratedRun {
  readonly storage: BursarStorage;
  readonly framework: Framework;
  readonly where: string;
  readonly requests: number;
  readonly seed: number;
}

const MOUNT = '/v1';
const AT_ONCE = 16;
// So that some requests are refused for it, and few.
const THROTTLED = 0.01;
// After so many requests the business gets money, and what is due is done.
const ROUND = 320;
// With fewer, an operation may never have met what it can succeed with.
const ENOUGH = 2000;

/** Sends them, and holds each answer against the document. */
export async function generatedRun({ storage, framework, where, requests, seed }: GeneratedRun): Promise<FaultReport> {
  const began = performance.now();
  const random = chance(seed ^ 0x5eed);
  const world = await generatedWorld(storage, () => random() < THROTTLED);
  const document = openApiDocument({ payouts: world.payouts });
  const operations = operationsOf(document);
  const pool = new Pool();
  const maker = new RequestMaker(operations, MOUNT, world, pool, new Chances(seed));
  const described = describedBy(document, MOUNT);
  const problems = new Problems();
  const tally = new Tally();
  const target = await framework(world.payouts);
  for (let sent = 0; sent < requests; sent += AT_ONCE) {
    if (sent % ROUND === 0) await world.goOn();
    const batch = Array.from({ length: Math.min(AT_ONCE, requests - sent) }, () => maker.next());
    const answers = await Promise.all(batch.map((one) => answerTo(target, one)));
    batch.forEach((one, at) => {
      const received = answers[at] as Received;
      tally.count(one, received);
      pool.learn(one.template, received);
      problems.expect(received.status < 500, `a fault: ${shown(one, received)}`);
      for (const problem of described(one, received)) problems.add(`${problem}: ${shown(one, received)}`);
    });
  }
  await target.close();
  const report = await verifyLedger(storage);
  problems.expect(report.ok, `verifyLedger: ${JSON.stringify(report)}`);
  for (const fault of world.faults.filter(isOurs)) problems.add(`told of a fault: ${String(fault)}`);
  for (const { method, template } of requests < ENOUGH ? [] : operations) {
    problems.expect(
      tally.has(method, template, 200),
      `${method} ${template} never succeeded: the requests are too poor`,
    );
  }
  const line = `${where}: ${requests} requests from seed ${seed}: ${tally.line()}; ${problems.found.length} problems, verifyLedger ${report.ok ? 'clean' : 'NOT clean'} (${secondsSince(began)})`;
  return { line, problems: problems.found };
}

// The providers of this world hang up now and then.
const isOurs = (fault: unknown): boolean => !String(fault).includes('hung up');

async function answerTo(target: Target, request: Generated): Promise<Received> {
  try {
    return await target.send(request);
  } catch (error) {
    throw new Error(`no answer to ${JSON.stringify(request).slice(0, 500)}`, { cause: error });
  }
}

function shown({ method, path, headers, body }: Generated, received: Received): string {
  const sent = `${method} ${path} ${JSON.stringify(headers)} ${String(body ?? '').slice(0, 200)}`;
  return `${sent} got ${received.status} ${JSON.stringify(received.headers)} ${received.body.slice(0, 200)}`;
}

/** How often each operation was answered how. */
class Tally {
  readonly #answers = new Map<string, number>();

  count({ method, template }: Generated, { status }: Received): void {
    const name = `${method} ${template} ${status}`;
    this.#answers.set(name, (this.#answers.get(name) ?? 0) + 1);
  }

  has(method: string, template: string, status: number): boolean {
    return this.#answers.has(`${method} ${template} ${status}`);
  }

  /** `9000 × 200, 12 × 404, …` */
  line(): string {
    const byStatus = new Map<string, number>();
    for (const [name, count] of this.#answers) {
      const status = name.slice(-3);
      byStatus.set(status, (byStatus.get(status) ?? 0) + count);
    }
    return [...byStatus]
      .sort()
      .map(([status, count]) => `${count} × ${status}`)
      .join(', ');
  }
}
