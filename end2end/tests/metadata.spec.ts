// What people write about tables and columns: forms without scripts, conflicts, verdicts, REST.
import type { APIRequestContext, Page } from '@playwright/test';
import { axe, expect, fits, main, open, test, unique } from '../fixtures';
import { stateFile } from '../servers';

interface Made {
  id: string;
  table: string;
}

/** A database of the test's own, so that tests do not meet. */
async function made(request: APIRequestContext, name: string): Promise<Made> {
  const answer = await request.post('/api/databases/from-text', {
    data: {
      name: `${name} ${unique()}`,
      sql_content: `
        create table customers (id bigint primary key, email text not null, phone_number text, note text);
        comment on table customers is 'Who buys';
        comment on column customers.email is 'From the form';`,
    },
  });
  expect(answer.status()).toBe(201);
  const { id } = await answer.json();
  return { id, table: `/databases/${id}/tables/public.customers` };
}

async function quiet(page: Page): Promise<void> {
  const violations = await axe(page);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

test('a table is described, and each text says where it comes from', async ({ page, request }) => {
  const { id, table } = await made(request, 'Described');
  await open(page, table);
  await expect(page.getByTestId('source-comment').first()).toContainText('From the source');
  await page.getByTestId('describe-table').click();
  await expect(page.getByTestId('field-description')).toBeVisible();
  await expect(page.getByTestId('source-comment')).toContainText('Who buys');
  await page.getByTestId('field-description').fill('# Buyers\n\nSee **[here](/databases)**. <img src=x onerror=alert(1)>');
  await page.getByTestId('field-tags').fill('PII, crm');
  await page.getByTestId('field-owner').fill('nobody@example.org');
  await page.getByTestId('field-custom').fill('retention: 30 days');
  await page.getByTestId('metadata-save').click();

  // What is wrong stands beside its field, and what was entered is still there.
  await expect(page.locator('#owner-error')).toContainText('Nobody here');
  await expect(page.getByTestId('field-description')).toHaveValue(/# Buyers/);
  await expect(page.getByTestId('field-custom')).toHaveValue('retention: 30 days');
  await expect(page).toHaveURL(/\/edit$/);
  await page.getByTestId('field-owner').fill('');
  await page.getByTestId('metadata-save').click();

  await expect(page.getByTestId('flash')).toContainText('Saved');
  const human = page.getByTestId('human-text').first();
  await expect(human.getByRole('heading', { name: 'Buyers' })).toBeVisible();
  await expect(human).toContainText('Written by');
  await expect(human.locator('img')).toHaveCount(0);
  await expect(page.getByTestId('source-comment').first()).toContainText('Who buys');
  await expect(page.getByTestId('tags').first()).toContainText('crm');
  await expect(page.getByTestId('table-facts')).toContainText('30 days');
  await quiet(page);
  await request.delete(`/api/databases/${id}`);
});

test('whoever is late sees both texts and decides', async ({ page, request }) => {
  const { id, table } = await made(request, 'Late');
  await open(page, `${table}/edit`);
  await page.getByTestId('field-description').fill('mine');
  const { tables } = await (await request.get(`/api/tables?database=${id}`)).json();
  const patched = await request.patch(`/api/tables/${tables[0].id}`, { data: { description: 'theirs', revision: 0 } });
  expect(patched.status()).toBe(200);
  const late = page.waitForResponse((answer) => answer.request().method() === 'POST');
  await page.getByTestId('metadata-save').click();
  expect((await late).status()).toBe(409);
  await expect(page.getByTestId('flash')).toContainText('Somebody else');
  await expect(page.getByTestId('field-description')).toHaveValue('mine');
  await expect(page.getByTestId('stored-description')).toContainText('theirs');
  await quiet(page);
  await page.getByTestId('metadata-save').click();
  await expect(page.getByTestId('human-text').first()).toContainText('mine');
  await request.delete(`/api/databases/${id}`);
});

test('a proposed meaning shows its reason and is asked once', async ({ page, request }) => {
  const { id, table } = await made(request, 'Meaning');
  await open(page, table);
  const email = page.locator('[id="column-email"]');
  await email.getByTestId('proposed-meaning').locator('summary').click();
  await expect(email.getByTestId('proposed-meaning')).toContainText('name says');
  await quiet(page);
  await email.getByTestId('accept-meaning').click();
  await expect(page.getByTestId('flash')).toContainText('email means email');
  await expect(email.getByTestId('meaning')).toHaveText('email');
  const phone = page.locator('[id="column-phone_number"]');
  await phone.getByTestId('proposed-meaning').locator('summary').click();
  await phone.getByTestId('reject-meaning').click();
  await expect(phone.getByTestId('proposed-meaning')).toHaveCount(0);
  await page.reload();
  await expect(phone.getByTestId('proposed-meaning')).toHaveCount(0);
  await request.delete(`/api/databases/${id}`);
});

test('a column and its database are described without scripts', async ({ browser, request }) => {
  const { id, table } = await made(request, 'Plain');
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: stateFile, baseURL: main.url });
  const page = await context.newPage();
  await page.goto(table);
  await page.locator('[id="column-note"]').getByTestId('describe-column').click();
  await page.getByTestId('field-description').fill('Free text,\n</textarea>\nas typed');
  await page.getByTestId('field-tags').fill('<no tag>');
  await page.getByTestId('metadata-save').click();
  await expect(page.locator('#tags-error')).toContainText('is no tag');
  await expect(page.getByTestId('field-description')).toHaveValue('Free text,\n</textarea>\nas typed');
  await page.getByTestId('field-tags').fill('free');
  await page.getByTestId('field-meaning').selectOption('status');
  await page.getByTestId('metadata-save').click();
  await expect(page).toHaveURL(/#column-note$/);
  await expect(page.locator('[id="column-note"]')).toContainText('as typed');
  await expect(page.locator('[id="column-note"]').getByTestId('meaning')).toHaveText('status');

  await page.goto(`/databases/${id}`);
  await page.getByTestId('describe-database').click();
  await page.getByTestId('field-description').fill('All of it');
  await page.getByTestId('metadata-save').click();
  await expect(page.getByTestId('human-text')).toContainText('All of it');
  await context.close();
  await request.delete(`/api/databases/${id}`);
});

test('forms fit a narrow screen and are fit for a screen reader', async ({ page, request }) => {
  // Axe looks at six pages.
  test.slow();
  const { id, table } = await made(request, 'Narrow');
  for (const address of [`${table}/edit`, `${table}/edit?column=email`, `/databases/${id}/edit`]) {
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, address);
      await quiet(page);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await fits(page, 390);
    await page.setViewportSize({ width: 1280, height: 800 });
  }
  await request.delete(`/api/databases/${id}`);
});

test('programs patch: absent stays, null clears, an old revision is a conflict', async ({ request, playwright }) => {
  const { id } = await made(request, 'Patched');
  const listed = await (await request.get(`/api/tables?database=${id}&limit=1`)).json();
  expect(listed.tables).toHaveLength(1);
  expect(listed.next).toBeNull();
  const address = `/api/tables/${listed.tables[0].id}`;
  const first = await request.patch(address, {
    data: { description: 'Buyers', tags: ['PII'], customMetadata: { tier: 1 }, revision: 0 },
  });
  expect(await first.json()).toMatchObject({
    description: 'Buyers',
    tags: ['pii'],
    customMetadata: { tier: '1' },
    sourceComment: 'Who buys',
    revision: 1,
  });
  expect((await request.patch(address, { data: { description: 'late', revision: 0 } })).status()).toBe(409);
  const cleared = await (await request.patch(address, { data: { description: null } })).json();
  expect(cleared).toMatchObject({ description: null, tags: ['pii'], revision: 2 });
  const wrong = await request.patch(address, { data: { owner: 'nobody@example.org' } });
  expect(wrong.status()).toBe(422);
  expect(await wrong.json()).toMatchObject({ field: 'owner' });
  expect((await request.patch(address, { data: { tableName: 'x' } })).status()).toBe(422);

  const nobody = await playwright.request.newContext({ baseURL: main.url, storageState: { cookies: [], origins: [] } });
  expect((await nobody.get(address)).status()).toBe(401);
  expect((await nobody.patch(address, { data: {} })).status()).toBe(401);
  await nobody.dispose();
  await request.delete(`/api/databases/${id}`);
});

test('programs catalogue datasets, and leave what a source declares alone', async ({ request }) => {
  const name = `sales_${unique()}`;
  const created = await request.post('/api/tables', {
    data: { tableName: name, tableType: 'parquet', storageLocation: 's3://lake/sales/', compressionRatio: 4.98, tags: ['Sales'] },
  });
  expect(created.status()).toBe(201);
  const dataset = await created.json();
  expect(dataset).toMatchObject({ databaseId: null, schemaName: 'public', tableType: 'parquet', tags: ['sales'] });
  expect((await request.post('/api/tables', { data: { tableName: name, tableType: 'csv' } })).status()).toBe(409);
  expect((await request.post('/api/tables', { data: { tableName: name, tableType: 'view' } })).status()).toBe(422);
  const column = await request.post('/api/columns', {
    data: { tableId: dataset.id, columnName: 'email', dataType: 'string', semanticType: 'email' },
  });
  expect(column.status()).toBe(201);
  expect((await (await request.get(`/api/tables/${dataset.id}`)).json()).columnCount).toBe(1);
  expect((await request.delete(`/api/columns/${(await column.json()).id}`)).status()).toBe(204);
  expect((await request.delete(`/api/tables/${dataset.id}`)).status()).toBe(204);
  expect((await request.get(`/api/tables/${dataset.id}`)).status()).toBe(404);

  const { id } = await made(request, 'Declared');
  const { tables } = await (await request.get(`/api/tables?database=${id}`)).json();
  expect((await request.delete(`/api/tables/${tables[0].id}`)).status()).toBe(409);
  await request.delete(`/api/databases/${id}`);
});
