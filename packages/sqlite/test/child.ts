import { openSqliteStorage } from '../src/index.js';
import { idsOf, type Order, type Report } from './order.js';
import { business, businessId, item, opening } from './sample.js';

function report(told: Report): void {
  process.send?.(told);
}

async function obey(order: Order): Promise<void> {
  const storage = await openSqliteStorage({ path: order.path });
  if (order.task === 'open') await storage.createBusiness(business);
  else await moveMoney(order, storage);
  await storage.close();
}

async function moveMoney(
  { name, from, to, batches }: Extract<Order, { task: 'move' }>,
  storage: Awaited<ReturnType<typeof openSqliteStorage>>,
): Promise<void> {
  const openAccounts = [opening('payout_user', from), opening('payout_user', to)];
  for (let batch = 0; batch < batches; batch++) {
    const ids = idsOf(name, batch);
    const items = ids.map((id) =>
      item(id, { debitAccountId: from, creditAccountId: to }, { businessId, openAccounts }),
    );
    const start = performance.now();
    const outcomes = await storage.applyTransfers(items);
    const statuses = [...new Set(outcomes.map(({ status }) => status))];
    report({ told: 'applied', batch, statuses, ms: performance.now() - start });
  }
}

process.on('message', (order: Order) => {
  obey(order).then(
    () => process.send?.({ told: 'done' } satisfies Report, () => process.disconnect()),
    (error: unknown) =>
      process.send?.({ told: 'failed', message: String(error) } satisfies Report, () => process.disconnect()),
  );
});
report({ told: 'loaded' });
