/** A small market for translations: users of its own, sessions of its own, tables of its own. */
import { answerErrors, payoutApi } from '@bursar/express';
import { createPayouts } from '@bursar/payouts';
import { openSqliteStorage } from '@bursar/sqlite';
import Database from 'better-sqlite3';
import express, { type Express, type Request } from 'express';

interface User {
  readonly id: number;
  readonly email: string;
}

interface Job {
  readonly id: number;
  readonly translator_id: number;
  readonly cents: number;
}

export async function server(file: string): Promise<Express> {
  const database = new Database(file);
  database.exec(`
    CREATE TABLE IF NOT EXISTS users (id INTEGER PRIMARY KEY, email TEXT NOT NULL UNIQUE, session TEXT UNIQUE);
    CREATE TABLE IF NOT EXISTS jobs (id INTEGER PRIMARY KEY, translator_id INTEGER NOT NULL REFERENCES users,
      cents INTEGER NOT NULL, accepted INTEGER NOT NULL DEFAULT 0);
  `);
  const userBySession = database.prepare<[string], User>('SELECT id, email FROM users WHERE session = ?');
  const jobById = database.prepare<[string], Job>('SELECT id, translator_id, cents FROM jobs WHERE id = ?');
  const accept = database.prepare<[number]>('UPDATE jobs SET accepted = 1 WHERE id = ?');
  const signedIn = (request: Request) => userBySession.get(request.get('x-session') ?? '');

  const userById = database.prepare<[number], User>('SELECT id, email FROM users WHERE id = ?');
  // A file of its own beside theirs; with PostgreSQL, tables of its own in the same database.
  const storage = await openSqliteStorage({ path: `${file}.payouts` });
  const payouts = createPayouts({ storage, secret: process.env.BURSAR_SECRET ?? '' });
  const { live } = await payouts.auth.businesses.create({ id: 'market' });

  const app = express();
  app.use('/v1', payoutApi({ payouts }));

  app.get('/me', async (request, response) => {
    const user = signedIn(request);
    if (user === undefined) return void response.status(401).json({ error: 'Sign in first' });
    const { hash } = await payouts.auth.payoutUsers.open({ businessId: live.id, email: user.email });
    response.json({ email: user.email, payout_hash: hash });
  });

  app.post('/jobs/:id/accept', async (request, response) => {
    if (signedIn(request) === undefined) return void response.status(401).json({ error: 'Sign in first' });
    const job = jobById.get(request.params.id);
    if (job === undefined) return void response.status(404).json({ error: 'No such job' });
    const email = userById.get(job.translator_id)?.email ?? '';
    // Accepted twice, it is paid once: the key is the job's.
    const idempotencyKey = `job-${job.id}`;
    const paid = await payouts.create({ businessId: live.id, email, amount: job.cents, idempotencyKey });
    if (!paid.ok) return void response.status(paid.error.status).json(paid.error.body);
    accept.run(job.id);
    response.json({ accepted: job.id });
  });

  app.use(answerErrors({ auth: payouts.auth }));
  return app;
}
