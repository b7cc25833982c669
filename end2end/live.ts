// The server's own PostgreSQL, which also plays the live database of a test.
import { execFileSync } from 'node:child_process';
import { Client } from 'pg';
import { main } from './fixtures';
import { binary } from './servers';

export interface Live {
  host: string;
  port: string;
  user: string;
  password: string;
}

/** Where it is and how to get in. */
export function live(): Live {
  const printed = execFileSync(binary(), ['doctor', '--print-url'], {
    env: { ...process.env, ...main.env },
    encoding: 'utf8',
  });
  const url = new URL(printed.trim().split(/\s+/).pop() ?? '');
  return {
    host: url.searchParams.get('host') ?? url.hostname,
    port: url.port,
    user: url.username,
    password: decodeURIComponent(url.password),
  };
}

/** Runs statements in one of its databases. */
export async function sql(database: string, ...statements: string[]): Promise<void> {
  const { host, port, user, password } = live();
  const client = new Client({ host, port: Number(port), user, password, database });
  await client.connect();
  try {
    for (const statement of statements) await client.query(statement);
  } finally {
    await client.end();
  }
}
