import { openPostgresStorage, type PostgresStorage } from '../src/index.js';
import { idsOf, type Order, type Report } from './order.js';
import { business, item } from './sample.js';

function report(told: Report): void {
  process.send?.(told);
}

async function obey(order: Order): Promise<void> {
  const storage = await openPostgresStorage({ connectionString: order.url, schema: order.schema });
  if (order.task === 'open') await storage.createBusiness(business);
  else await moveMoney(order, storage);
  await storage.close();
}

async function moveMoney(
  { name, accounts, batches }: Extract<Order, { task: 'move' }>,
  storage: PostgresStorage,
): Promise<void> {
  for (let batch = 0; batch < batches; batch++) {
    const items = idsOf(name, batch).map((id, index) => {
      const [from = '', to = ''] = [accounts[index % accounts.length], accounts[(index + 1) % accounts.length]];
      return item(id, { debitAccountId: from, creditAccountId: to }, { openAccounts: [] });
    });
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
