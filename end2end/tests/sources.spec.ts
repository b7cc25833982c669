import { expect, hydrated, main, open, test, unique } from '../fixtures';
import { live, sql } from '../live';

/** Making a database copies another one, and reading one asks a dozen questions. */
const patience = { timeout: 30_000 };

async function fill(page: import('@playwright/test').Page, database: string): Promise<void> {
  const { host, port, user, password } = live();
  await open(page, '/databases/connect');
  await page.getByTestId('field-host').fill(host);
  await page.getByTestId('field-port').fill(port);
  await page.getByTestId('field-database').fill(database);
  await page.getByTestId('field-username').fill(user);
  await page.getByTestId('field-password').fill(password);
}

test('a live database is connected, read again, and what was renamed is told', async ({ page }) => {
  // A dozen pages and three readings.
  test.slow();
  const database = `live_${unique()}`;
  await sql('postgres', `create database ${database}`);
  try {
    await sql(
      database,
      'create table customers (id bigint primary key, email text not null)',
      'create table orders (id bigint primary key, customer_id bigint not null references customers, placed_on date)',
    );
    await fill(page, database);
    await page.getByTestId('connect-test').click();
    await expect(page.getByTestId('connect-works')).toContainText('PostgreSQL');
    await page.getByTestId('connect-submit').click();
    await expect(page.getByTestId('database-name')).toHaveText(database, patience);
    await expect(page.getByTestId('source')).toContainText(database);
    await expect(page.getByTestId('database-stats')).toContainText(/Tables\s*2/);

    await hydrated(page);
    await page.getByTestId('refresh').click();
    await expect(page.getByTestId('job-outcome')).toContainText('Nothing has changed');

    await sql(database, 'alter table orders rename to purchases', 'create table parcels (id int)');
    await page.getByTestId('refresh').click();
    await page.getByTestId('job-changes').click();
    await expect(page.getByTestId('changes-summary')).toContainText('added');
    await expect(page.getByTestId('changed-table')).toHaveCount(3);
    await page.getByTestId('rename-confirm').first().click();
    await expect(page.getByTestId('flash')).toContainText('one now');
    await expect(page.getByTestId('changed-table')).toHaveCount(2);
    await expect(page.getByTestId('versions').getByRole('row')).toHaveCount(4);

    // What changed, and its neighbours.
    await page.getByRole('link', { name: 'Show on the diagram' }).click();
    await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-tables', /^[2-4]$/);
  } finally {
    await sql('postgres', `drop database ${database} with (force)`);
  }
});

test('what is wrong with a connection is told beside its field, and nothing is lost', async ({ page }) => {
  await fill(page, 'no_such_database');
  await page.getByTestId('connect-submit').click();
  await expect(page.locator('#database-error')).toContainText('no database of that name');
  await expect(page.getByTestId('field-database')).toHaveValue('no_such_database');
  await expect(page.getByTestId('field-password')).not.toHaveValue('');

  await page.getByTestId('field-password').fill('wrong');
  await page.getByTestId('connect-test').click();
  await expect(page.locator('#password-error')).toContainText('refuses the login');

  await page.getByTestId('field-host').fill('169.254.169.254');
  await page.getByTestId('connect-test').click();
  await expect(page.locator('#host-error')).toContainText('link-local');
});

test('a file has no server, and one outside the configured folders is not read', async ({ page }) => {
  await open(page, '/databases/connect');
  await page.getByTestId('field-provider').selectOption('sqlite');
  await expect(page.getByTestId('field-host')).toBeHidden();
  await page.getByTestId('field-database').fill('/etc/passwd');
  await page.getByTestId('connect-submit').click();
  await expect(page.locator('#database-error')).toContainText('configuration');
});

test('a database is made with its script, and a wrong script leaves nothing', async ({ page }) => {
  // It is made twice.
  test.slow();
  const database = `made_${unique()}`;
  await fill(page, database);
  await expect(page.getByTestId('field-script')).toBeHidden();
  await page.getByTestId('field-create').check();
  await page.getByTestId('connect-test').click();
  await expect(page.getByTestId('connect-works')).toContainText('still to be made');
  await page.getByTestId('field-script').fill('create table a (id int primary key);\ncreate table b (id nonsense);');
  await page.getByTestId('connect-submit').click();
  await expect(page.locator('#sql_content-error')).toContainText('at line 2', patience);
  await page.getByTestId('field-script').fill('create table a (id int primary key);');
  await page.getByTestId('connect-submit').click();
  try {
    await expect(page.getByTestId('database-name')).toHaveText(database, patience);
    await expect(page.getByTestId('database-stats')).toContainText(/Tables\s*1/);
  } finally {
    await sql('postgres', `drop database if exists ${database} with (force)`);
  }
});

test('a script is imported again, and what changed is told', async ({ page, request }) => {
  const name = `Script ${unique()}`;
  const made = await request.post('/api/databases/from-text', {
    data: { name, sql_content: 'create table a (id bigint primary key);' },
  });
  const { id } = await made.json();
  await open(page, `/databases/${id}`);
  await page.getByTestId('new-version-open').click();
  await page.getByTestId('field-script').fill('select 1;');
  await page.getByTestId('new-version-submit').click();
  await expect(page.locator('#script-error')).toContainText('defines no tables');
  await expect(page.getByTestId('field-script')).toHaveValue('select 1;');
  await page.getByTestId('field-script').fill('create table a (id bigint primary key, note text);');
  await page.getByTestId('new-version-submit').click();
  await expect(page).toHaveURL(/\/changes/);
  await expect(page.getByTestId('flash')).toContainText('Version 2');
  await expect(page.getByTestId('changed-table')).toHaveCount(1);

  const again = await request.post(`/api/databases/${id}/from-text`, {
    data: { sql_content: 'create table a (id bigint primary key, note text);' },
  });
  expect(await again.json()).toMatchObject({ version: 3, has_changed: false });
  expect((await request.delete(`/api/databases/${id}`)).status()).toBe(204);
});

test('values of a live table are looked at on demand', async ({ page }) => {
  const database = `values_${unique()}`;
  await sql('postgres', `create database ${database}`);
  try {
    await sql(
      database,
      "create table pets (id int primary key, kind text)",
      "insert into pets values (1, 'cat'), (2, 'cat'), (3, 'dog'), (4, null)",
    );
    await fill(page, database);
    await page.getByTestId('connect-submit').click();
    await page.getByTestId('tables').getByRole('link', { name: 'pets', exact: true }).click();
    await hydrated(page);
    await page.getByTestId('profile-values').click();
    await expect(page.getByTestId('flash')).toContainText('looked at');
    await expect(page.getByTestId('profile-taken')).toContainText('all of 4 rows');
    const kind = page.getByTestId('profile-columns').getByRole('row').filter({ hasText: 'kind' });
    await expect(kind).toContainText('25.0 %');
    await expect(kind).toContainText('cat 50.0 %');
  } finally {
    await sql('postgres', `drop database ${database} with (force)`);
  }
});

test('a structure is exported in every format', async ({ page, request }) => {
  await open(page, '/databases');
  await page.getByRole('link', { name: 'Sample shop warehouse' }).first().click();
  await page.getByTestId('export').click();
  const links = page.locator('.export a');
  await expect(links).toHaveCount(10);
  for (const link of await links.all()) {
    const address = (await link.getAttribute('href')) ?? '';
    const answer = await request.get(address);
    expect(answer.status(), address).toBe(200);
    expect(answer.headers()['content-disposition'], address).toContain('sample-shop-warehouse.');
    expect(await answer.text(), address).toContain('order_lines');
  }
});

test('findings lead to their tables, and tell how much is described', async ({ page }) => {
  await open(page, '/databases');
  await page.getByRole('link', { name: 'Sample shop warehouse' }).first().click();
  await page.getByTestId('findings-link').click();
  await expect(page.getByTestId('coverage')).toContainText(/Tables described\s*\d+ %/);
  const group = page.getByTestId('finding-group').first();
  await expect(group).toBeVisible();
  if ((await group.getAttribute('open')) === null) await group.locator('summary').click();
  const place = group.getByRole('link').first();
  const name = (await place.textContent()) ?? '';
  await place.click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(name.split('.').slice(0, 2).join('.'));
});

test('programs get the same over JSON, and problems as problems', async ({ request, playwright }) => {
  const listed = await request.get('/api/databases');
  expect(listed.status()).toBe(200);
  const sample = (await listed.json()).find((one: { origin: string }) => one.origin === 'sample');
  expect(sample.tableCount).toBe(40);
  expect(sample.createdAt).toMatch(/^\d{4}-\d\d-\d\dT/);

  const name = `From text ${unique()}`;
  const made = await request.post('/api/databases/from-text', {
    data: { name, sql_content: 'CREATE TABLE `a` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;' },
  });
  expect(made.status()).toBe(201);
  const database = await made.json();
  expect(database).toMatchObject({ name, provider: 'mysql', tableCount: 1 });
  const schema = await (await request.get(`/api/databases/${database.id}/schema`)).json();
  expect(schema.tables[0]).toMatchObject({ name: 'a', primaryKeys: ['id'] });
  const again = await request.post('/api/databases/from-text', { data: { name, sql_content: 'create table b (x int)' } });
  expect(again.status()).toBe(409);
  expect(again.headers()['content-type']).toContain('application/problem+json');
  expect((await request.delete(`/api/databases/${database.id}`)).status()).toBe(204);
  expect((await request.get(`/api/databases/${database.id}`)).status()).toBe(404);
  expect((await request.post('/api/databases', { data: '{', headers: { 'content-type': 'application/json' } })).status()).toBe(422);

  const nobody = await playwright.request.newContext({ baseURL: main.url, storageState: { cookies: [], origins: [] } });
  expect((await nobody.get('/api/databases')).status()).toBe(401);
  expect((await nobody.post('/api/databases', { data: {} })).status()).toBe(401);
  await nobody.dispose();
});
