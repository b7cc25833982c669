import { type AddressInfo, createServer, connect as dial, type Server, type Socket } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, hydrated, main, open, test, unique } from '../fixtures';
import { live, sql } from '../live';

/** The server is ready for a question: the login has gone well. */
const READY = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);

/**
 * A way to the live server that can be held: then it lets everybody in, and no question through. A
 * login is waited for ten seconds only, an answer long enough for a slow machine to look at the
 * reading meanwhile.
 */
class Gate {
  held = false;
  readonly sockets = new Set<Socket>();

  private constructor(readonly server: Server) {}

  static async open(): Promise<Gate> {
    const { host, port } = live();
    const server = createServer();
    const gate = new Gate(server);
    server.on('connection', (near) => {
      const far = host.startsWith('/')
        ? dial({ path: `${host}/.s.PGSQL.${port}` })
        : dial({ host, port: Number(port) });
      let isIn = false;
      near.on('data', (bytes) => {
        if (!(gate.held && isIn)) far.write(bytes);
      });
      far.on('data', (bytes) => {
        isIn ||= bytes.includes(READY);
        near.write(bytes);
      });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        gate.sockets.add(one);
        one.on('error', () => one.destroy());
        one.on('close', () => other.destroy());
      }
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    return gate;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

/** Runs a test on a live database behind a gate, which is in the catalog. */
async function withLive(
  page: Page,
  body: (database: string, gate: Gate, address: string) => Promise<void>,
): Promise<void> {
  const database = `jobs_${unique()}`;
  await sql('postgres', `create database ${database}`);
  const gate = await Gate.open();
  let id = '';
  try {
    await sql(database, 'create table customers (id bigint primary key, email text not null)');
    const { user, password } = live();
    const made = await page.request.post('/api/databases', {
      data: {
        name: database,
        provider: 'postgresql',
        host: '127.0.0.1',
        port: gate.port,
        database_name: database,
        username: user,
        password,
      },
    });
    expect(made.status(), await made.text()).toBe(201);
    id = (await made.json()).id;
    await body(database, gate, `/databases/${id}`);
  } finally {
    if (id) await page.request.delete(`/api/databases/${id}`);
    gate.close();
    await sql('postgres', `drop database ${database} with (force)`);
  }
}

test('what a reading brought is told in place', async ({ page }) => {
  await withLive(page, async (database, _gate, address) => {
    await open(page, address);
    await hydrated(page);
    await page.evaluate(() => document.body.setAttribute('data-same-page', 'yes'));
    await page.getByTestId('refresh').click();
    await expect(page.getByTestId('job-outcome')).toContainText('Nothing has changed');
    await sql(database, 'create table parcels (id int)');
    await page.getByTestId('refresh').click();
    await expect(page.getByTestId('job-outcome')).toContainText('added');
    await expect(page.locator('body')).toHaveAttribute('data-same-page', 'yes');
    await page.getByTestId('job-changes').click();
    await expect(page.getByTestId('changes-summary')).toContainText('added');

    await open(page, address);
    await expect(page.getByTestId('job-last')).toContainText('added');
    await expect(page.getByTestId('database-stats')).toContainText(/Tables\s*2/);
    await page.getByTestId('jobs-link').click();
    await expect(page.getByTestId('job')).toHaveCount(2);
    await expect(page.getByTestId('job').first()).toHaveAttribute('data-state', 'completed');
  });
});

test('a reading is followed while it goes on, and cancelled', async ({ page }) => {
  await withLive(page, async (database, gate, address) => {
    const other = await page.context().newPage();
    await open(page, address);
    gate.held = true;
    await page.getByTestId('refresh').click();
    await expect(page.getByTestId('job-step')).toContainText('Connecting (1 of 10)');
    await expect(page.getByTestId('job-reload')).toHaveCount(0);

    // Another page shows the same, and follows it too. It lists what other tests read as well.
    await open(other, '/jobs');
    const row = other.getByTestId('job').filter({ hasText: database });
    await expect(row).toHaveAttribute('data-state', 'running');

    await page.getByTestId('job-cancel').click();
    await expect(page.getByTestId('job-outcome')).toContainText('the catalog is as it was');
    await expect(row).toHaveAttribute('data-state', 'cancelled');
    await other.close();

    gate.held = false;
    await page.getByTestId('refresh').click();
    await expect(page.getByTestId('job-outcome')).toContainText('Nothing has changed');
  });
});

test('why a reading failed is told in place, and stays', async ({ page }) => {
  await withLive(page, async (_database, gate, address) => {
    gate.close();
    await open(page, address);
    await hydrated(page);
    await page.getByTestId('refresh').click();
    await expect(page.getByTestId('job-outcome')).toContainText('could not be read');
    await open(page, address);
    await expect(page.getByTestId('source-failed')).toContainText('so this is what was read before');
    await expect(page.getByTestId('database-stats')).toContainText(/Tables\s*1/);
  });
});

test('a schedule is set by a name or by cron text, and what is wrong with it is told', async ({ page }) => {
  await withLive(page, async (_database, _gate, address) => {
    await open(page, address);
    await page.getByTestId('schedule').click();
    await expect(page.getByTestId('schedule-cron')).toBeHidden();
    await page.getByTestId('schedule-preset').selectOption('daily');
    await page.getByTestId('schedule-save').click();
    await expect(page.getByTestId('flash')).toContainText('03:00 UTC');
    await expect(page.getByTestId('schedule-line')).toContainText('daily at 03:00 UTC');

    await page.getByTestId('schedule').click();
    await expect(page.getByTestId('schedule-runs').getByRole('listitem')).toHaveCount(3);
    await page.getByTestId('schedule-preset').selectOption('custom');
    await page.getByTestId('schedule-cron').fill('0 25 * * *');
    await page.getByTestId('schedule-save').click();
    await expect(page.locator('#cron-error')).toContainText('The hour cannot be “25”');
    await expect(page.getByTestId('schedule-cron')).toHaveValue('0 25 * * *');
    await page.getByTestId('schedule-cron').fill('0 0 31 2 *');
    await page.getByTestId('schedule-save').click();
    await expect(page.locator('#cron-error')).toContainText('never happens');
    await expect(page.getByTestId('schedule-line')).toContainText('daily');

    await page.getByTestId('schedule-preset').selectOption('off');
    await page.getByTestId('schedule-save').click();
    await expect(page.getByTestId('schedule-line')).toHaveCount(0);
  });
});

test('programs begin, follow and stop readings too', async ({ page, request, playwright }) => {
  await withLive(page, async (_database, gate, address) => {
    const api = `/api${address}`;
    const waited = await request.post(`${api}/refresh?wait=true`);
    expect(waited.status()).toBe(200);
    expect(await waited.json()).toMatchObject({ version: 2, has_changed: false });

    gate.held = true;
    const begun = await request.post(`${api}/refresh`);
    expect(begun.status()).toBe(202);
    const job = begun.headers().location ?? '';
    expect(job).toMatch(/^\/api\/jobs\/[0-9a-f-]{36}$/);
    const again = await request.post(`${api}/refresh`);
    expect(again.headers().location).toBe(job);
    expect((await request.delete(job)).status()).toBe(202);
    await expect.poll(async () => (await (await request.get(job)).json()).status).toBe('cancelled');
    expect((await request.delete(job)).status()).toBe(409);
    gate.held = false;

    const id = address.split('/').pop() ?? '';
    const first = await (await request.get(`/api/jobs?database=${id}&limit=1`)).json();
    expect(first.jobs[0].status).toBe('cancelled');
    const second = await (await request.get(`/api/jobs?database=${id}&limit=1&after=${first.next}`)).json();
    expect(second.jobs[0].result).toMatchObject({ version: 2, hasChanged: false });
    expect(second.next).toBeUndefined();
    expect((await request.get('/api/jobs?after=nonsense')).status()).toBe(422);
    expect((await request.get('/api/jobs/00000000-0000-0000-0000-000000000000')).status()).toBe(404);
    expect((await request.get('/api/jobs/x')).status()).toBe(404);

    expect(await (await request.get(`${api}/schedule`)).json()).toBeNull();
    const wrong = await request.put(`${api}/schedule`, { data: { cron: '0 0 3 * * *' } });
    expect(wrong.status()).toBe(422);
    expect(await wrong.json()).toMatchObject({ field: 'cron' });
    const set = await request.put(`${api}/schedule`, { data: { cron: '*/15 * * * *' } });
    expect(set.status()).toBe(200);
    expect((await set.json()).nextRuns).toHaveLength(3);
    expect((await request.delete(`${api}/schedule`)).status()).toBe(204);
    expect(await (await request.get(`${api}/schedule`)).json()).toBeNull();

    const nobody = await playwright.request.newContext({
      baseURL: main.url,
      storageState: { cookies: [], origins: [] },
    });
    expect((await nobody.get('/api/jobs')).status()).toBe(401);
    expect((await nobody.get(job)).status()).toBe(401);
    expect((await nobody.post('/api/databases/refresh')).status()).toBe(401);
    await nobody.dispose();
  });
});

test('without scripts a reading is begun, reloaded and cancelled', async ({ page, browser }) => {
  await withLive(page, async (_database, gate, address) => {
    const plain = await browser.newContext({
      baseURL: main.url,
      javaScriptEnabled: false,
      storageState: await page.context().storageState(),
    });
    const still = await plain.newPage();
    gate.held = true;
    // Whoever leaves a page calls off what it has just posted.
    const follow = async (button: string) => {
      const loaded = still.waitForEvent('load');
      await still.getByTestId(button).click();
      await loaded;
    };
    await still.goto(address);
    await follow('refresh');
    await expect(still.getByTestId('job-progress')).toBeVisible();
    await follow('job-reload');
    await follow('job-cancel');
    await expect
      .poll(async () => {
        await still.reload();
        return still.getByTestId('job-last').allTextContents();
      })
      .toEqual([expect.stringContaining('cancelled')]);
    gate.held = false;
    await plain.close();
  });
});
