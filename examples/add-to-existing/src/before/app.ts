/** A small market for translations: users of its own, sessions of its own, tables of its own. */
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

  const app = express();

  app.get('/me', (request, response) => {
    const user = signedIn(request);
    if (user === undefined) return void response.status(401).json({ error: 'Sign in first' });
    response.json({ email: user.email });
  });

  app.post('/jobs/:id/accept', async (request, response) => {
    if (signedIn(request) === undefined) return void response.status(401).json({ error: 'Sign in first' });
    const job = jobById.get(request.params.id);
    if (job === undefined) return void response.status(404).json({ error: 'No such job' });
    accept.run(job.id);
    response.json({ accepted: job.id });
  });

  return app;
}
