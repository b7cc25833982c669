// node run.mjs URL < statements.sql
// Runs SQL where there is no psql. Prints the rows of the last statement, one per line, as psql -At does.
import { readFileSync } from 'node:fs';
import pg from 'pg';

const url = new URL(process.argv[2]);
const client = new pg.Client({
  host: url.searchParams.get('host') ?? url.hostname,
  port: Number(url.port || 5432),
  user: decodeURIComponent(url.username),
  password: decodeURIComponent(url.password),
  database: decodeURIComponent(url.pathname.slice(1)),
});
await client.connect();
try {
  const answer = await client.query({ text: readFileSync(0, 'utf8'), rowMode: 'array' });
  const last = Array.isArray(answer) ? answer.at(-1) : answer;
  for (const row of last?.rows ?? []) console.log(row.map((value) => value ?? '').join('|'));
} catch (error) {
  console.error(`${error.severity ?? 'ERROR'}: ${error.message}`);
  process.exitCode = 1;
} finally {
  await client.end();
}
