// Signs in once and creates the sample by its button; the other tests start from there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { admin, stateFile } from '../servers';

test('sign in and create the sample', async ({ page }) => {
  await page.goto('/login');
  await page.getByTestId('field-email').fill(admin.email);
  await page.getByTestId('field-password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('ways-in')).toBeVisible();
  mkdirSync(dirname(stateFile), { recursive: true });
  await page.context().storageState({ path: stateFile });

  await page.getByTestId('way-sample').click();
  await expect(page.getByTestId('database-name')).toHaveText('Sample shop warehouse', { timeout: 45_000 });
  const sample = new URL(page.url()).pathname.split('/').pop() ?? '';
  expect(sample).toMatch(/^db_[a-z0-9]{10}$/);
  const made = await page.request.post('/api/tables', {
    data: {
      schemaName: 'lake',
      tableName: 'clickstream_events',
      tableType: 'parquet',
      storageLocation: 's3://sample-shop-lake/clickstream/events/year=2026/',
      description: 'What visitors of the web shop do.',
      rowCount: 48_000_000,
      fileSizeBytes: 9_600_000_000,
      compressionRatio: 6.2,
      tags: ['raw'],
    },
  });
  expect(made.status()).toBe(201);
  const { id: dataset } = await made.json();
  for (const [columnName, dataType] of [['event_id', 'uuid'], ['visitor_email', 'string'], ['occurred_at', 'timestamp']]) {
    const column = await page.request.post('/api/columns', { data: { tableId: dataset, columnName, dataType } });
    expect(column.status()).toBe(201);
  }
  // A group with somebody in it, so that its page always has all its parts.
  await page.goto('/admin/groups');
  await page.getByTestId('group-name').fill('Analysts');
  await page.getByTestId('group-create').click();
  const card = page.getByTestId('groups').getByRole('listitem').filter({ hasText: 'Analysts' }).first();
  await card.getByTestId('member-add').click();
  await expect(card).toContainText('1 person');
  writeFileSync(join(dirname(stateFile), 'prepared.json'), JSON.stringify({ sample, dataset }));
});
