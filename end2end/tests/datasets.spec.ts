// Data without a database: catalogued by form, listed, described, found, taken out.
import type { Page } from '@playwright/test';
import { axe, expect, main, open, prepared, test, unique } from '../fixtures';
import { stateFile } from '../servers';

async function quiet(page: Page): Promise<void> {
  const violations = await axe(page);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

const named = (name: string): string => `${name}_${unique()}`;

test('a dataset is catalogued with its columns, and what is wrong stands beside its field', async ({ page, request }) => {
  // Half a dozen pages, and axe looks at two.
  test.slow();
  const name = named('clicks');
  await open(page, '/');
  await page.getByTestId('rail').getByRole('link', { name: 'Datasets' }).click();
  await page.getByTestId('new-dataset').click();
  await page.getByTestId('field-name').fill(name);
  await page.getByTestId('field-schema').fill('lake');
  await page.getByTestId('field-location').fill('s3://lake/clicks/');
  await page.getByTestId('field-rows').fill('1 000 000');
  await page.getByTestId('field-size').fill('510000');
  await page.getByTestId('field-ratio').fill('4.5');
  await page.getByTestId('field-columns').fill('id bigint not null\nvisitor_email');
  await page.getByTestId('field-description').fill('What **visitors** do');
  await page.getByTestId('dataset-save').click();
  await expect(page.locator('#columns-error')).toContainText('Line 2');
  await expect(page.getByTestId('field-name')).toHaveValue(name);
  await expect(page.getByTestId('field-description')).toHaveValue('What **visitors** do');
  await quiet(page);
  await page.getByTestId('field-columns').fill('id bigint not null\nvisitor_email string');
  await page.getByTestId('dataset-save').click();

  await expect(page).toHaveURL(/\/datasets\/\d+$/);
  await expect(page.getByTestId('flash')).toContainText('Catalogued');
  await expect(page.getByTestId('page-title')).toHaveText(`lake.${name}`);
  await expect(page.getByTestId('human-text').first()).toContainText('What visitors do');
  await expect(page.getByTestId('columns')).toContainText('visitor_email');
  await expect(page.getByTestId('proposed-meaning')).toContainText('email');
  await quiet(page);
  const id = page.url().split('/').pop();

  // The list has it, whether it is narrowed by name, by place or by type.
  for (const narrow of [`q=${name}`, `q=lake.${name}&type=parquet`]) {
    await open(page, `/datasets?${narrow}`);
    await expect(page.getByTestId('datasets')).toContainText(name);
  }
  await open(page, `/datasets?q=${name}&type=csv`);
  await expect(page.getByTestId('datasets-empty')).toBeVisible();
  // So has a search; not one in a database.
  await open(page, `/search?q=${name}`);
  await expect(page.getByTestId('search-hit').first()).toContainText('table in Datasets');
  await page.getByTestId('search-hit').first().getByRole('link').click();
  await expect(page.getByTestId('page-title')).toHaveText(`lake.${name}`);
  await request.delete(`/api/tables/${id}`);
});

test('columns are added, described and removed without scripts, and the dataset taken out', async ({ browser, request }) => {
  // A dozen pages.
  test.slow();
  const name = named('feed');
  const made = await request.post('/api/tables', { data: { tableName: name, tableType: 'csv' } });
  expect(made.status()).toBe(201);
  const { id } = await made.json();
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: stateFile, baseURL: main.url });
  const page = await context.newPage();
  await page.goto(`/datasets/${id}`);
  await page.getByTestId('field-column-name').fill('price');
  await page.getByTestId('field-column-type').fill('decimal(10, 2)');
  await page.getByTestId('field-column-not-null').check();
  await page.getByTestId('column-add').click();
  await expect(page.getByTestId('flash')).toContainText('price');
  await expect(page.getByTestId('columns')).toContainText('decimal(10, 2)');

  // Twice is refused beside the field, and what was entered stays.
  await page.getByTestId('field-column-name').fill('price');
  await page.getByTestId('field-column-type').fill('text');
  await page.getByTestId('column-add').click();
  await expect(page.locator('#columnName-error')).toContainText('already');
  await expect(page.getByTestId('field-column-type')).toHaveValue('text');

  await page.getByTestId('describe-column').click();
  await page.getByTestId('field-description').fill('With tax');
  await page.getByTestId('field-tags').fill('money');
  await page.getByTestId('metadata-save').click();
  await expect(page).toHaveURL(new RegExp(`/datasets/${id}#column-price$`));
  await expect(page.getByTestId('columns')).toContainText('With tax');

  await page.getByTestId('describe-dataset').click();
  await page.getByTestId('field-rows').fill('many');
  await page.getByTestId('field-location').fill('sftp://feeds/daily');
  await page.getByTestId('metadata-save').click();
  await expect(page.locator('#rowCount-error')).toContainText('digits');
  await expect(page.getByTestId('field-location')).toHaveValue('sftp://feeds/daily');
  await page.getByTestId('field-rows').fill('42');
  await page.getByTestId('metadata-save').click();
  await expect(page.getByTestId('table-facts')).toContainText('sftp://feeds/daily');

  await page.getByTestId('describe-column').click();
  await page.getByTestId('remove-column').locator('summary').click();
  await page.getByTestId('remove-column-confirm').click();
  await expect(page.getByTestId('flash')).toContainText('out of the catalog');
  await expect(page.getByText('No columns are known.')).toBeVisible();

  await page.getByTestId('delete').click();
  await page.getByTestId('delete-confirm').click();
  await expect(page).toHaveURL(/\/datasets$/);
  expect((await page.goto(`/datasets/${id}`))?.status()).toBe(404);
  await context.close();
});

test('programs write the numbers of datasets, and of nothing else', async ({ request }) => {
  const made = await request.post('/api/tables', { data: { tableName: named('rows'), tableType: 'ncf', rowCount: 1 } });
  const { id } = await made.json();
  const patched = await request.patch(`/api/tables/${id}`, {
    data: { rowCount: 7, fileSizeBytes: 512, compressionRatio: 2.5 },
  });
  expect(patched.status()).toBe(200);
  expect(await patched.json()).toMatchObject({ rowCount: 7, fileSizeBytes: 512, compressionRatio: 2.5 });
  // A table of the sample stays; those of other tests may be gone by the next request.
  const { tables } = await (await request.get(`/api/tables?database=${prepared().sample}&limit=1`)).json();
  const refused = await request.patch(`/api/tables/${tables[0].id}`, { data: { rowCount: 7 } });
  expect(refused.status()).toBe(422);
  expect(await refused.text()).toContain('datasets only');
  expect((await request.delete(`/api/tables/${id}`)).status()).toBe(204);
});
