import { expect, hydrated, open, prepared, test } from '../fixtures';

test('the list shows the sample with what it holds', async ({ page }) => {
  await open(page, '/databases');
  const row = page.getByTestId('databases').getByRole('row').filter({ hasText: 'Sample shop warehouse' });
  await expect(row).toContainText('catalog, growth, logistics');
  await row.getByRole('link', { name: 'Sample shop warehouse' }).click();
  await expect(page.getByTestId('database-name')).toHaveText('Sample shop warehouse');
});

test('tables are searched, filtered and sorted, and the address keeps it', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}`);
  await page.getByTestId('table-search-text').fill('order');
  await page.getByTestId('table-search-text').press('Enter');
  await expect(page).toHaveURL(/q=order/);
  const tables = page.getByTestId('tables');
  await expect(tables).toContainText('orders');
  await expect(tables).not.toContainText('catalog.brands');

  await open(page, `/databases/${prepared().sample}`);
  await page.getByLabel('Schema').selectOption('logistics');
  await expect(page).toHaveURL(/schema=logistics/);
  await expect(tables.getByRole('link', { name: /^logistics\./ }).first()).toBeVisible();
  await expect(tables.getByRole('link', { name: /^sales\./ })).toHaveCount(0);

  await hydrated(page);
  await tables.getByRole('link', { name: 'Rows' }).click();
  await expect(page).toHaveURL(/sort=rows/);
  await page.reload();
  await expect(tables.getByRole('columnheader', { name: 'Rows' })).toHaveAttribute('aria-sort', 'descending');
});

test('a search that finds nothing says so and leads back', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}?q=no_such_table`);
  await expect(page.getByTestId('tables-empty')).toBeVisible();
  await page.getByRole('link', { name: 'Show all' }).click();
  await expect(page.getByTestId('tables')).toBeVisible();
});

test('what has no live database offers no look at its rows', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}/tables/sales.orders`);
  await expect(page.getByTestId('profile')).toHaveCount(0);
});

test('a table shows columns, references, indexes, statistics and use', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}/tables/sales.orders`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.orders');
  const columns = page.getByTestId('columns');
  await expect(columns).toContainText('customer_id');
  await expect(columns.getByRole('link', { name: /customers\.id/ })).toBeVisible();
  await expect(columns.getByRole('columnheader')).toContainText(['Column', 'Type', 'Key', 'Null']);
  await expect(columns.getByRole('columnheader', { name: 'Distinct' })).toBeVisible();
  await expect(page.getByTestId('references-in')).toContainText('sales.order_lines');
  await expect(page.getByTestId('indexes')).toContainText('primary key');
  await expect(page.getByTestId('source-comment').first()).toBeVisible();
  await expect(page.getByTestId('frequent-queries').getByRole('row').nth(1)).toBeVisible();

  await columns.getByRole('link', { name: /customers\.id/ }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.customers');
});

test('a view shows its definition, a partitioned table its partitions', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}?kind=view`);
  await page.getByTestId('tables').getByRole('rowheader').getByRole('link').first().click();
  await expect(page.getByTestId('definition')).toContainText(/select/i);
  await open(page, `/databases/${prepared().sample}/tables/growth.events`);
  await expect(page.getByTestId('partitions').getByRole('row')).toHaveCount(5);
});

test('an address of a column leads to its row', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}/tables/sales.orders#column-customer_id`);
  await expect(page.locator('[id="column-customer_id"]')).toBeInViewport();
});

for (const [what, address] of [
  ['an unknown address', '/no/such/page'],
  ['a database that is gone', '/databases/db_0000000000'],
  ['an id that is none', '/databases/tables'],
  ['a table that is gone', `/databases/SAMPLE/tables/sales.no_such_table`],
  ['a name that is none', `/databases/SAMPLE/tables/nonsense`],
  ['the diagram of a database that is gone', '/databases/db_0000000000/diagram'],
] as const) {
  test(`${what} is a 404 that leads on`, async ({ page }) => {
    const answer = await page.goto(address.replace('SAMPLE', prepared().sample));
    expect(answer?.status()).toBe(404);
    await expect(page.getByTestId('error-view')).toBeVisible();
    await hydrated(page);
    await page.getByTestId('error-view').getByRole('link').first().click();
    await expect(page.getByTestId('databases')).toBeVisible();
  });
}
