// How much of each table a diagram shows, what is said over it, and what it leaves out.
import type { Page } from '@playwright/test';
import { axe, drawn, expect, open, prepared, test, unique } from '../fixtures';

const sample = (query: string) => `/databases/${prepared().sample}/diagram${query}`;
const tree = (page: Page) => page.getByTestId('diagram-outline');
const hidden = (page: Page) => page.getByTestId('diagram-hidden');

const SHOP = `
  CREATE SCHEMA sales;
  CREATE SCHEMA hr;
  CREATE TABLE sales.customers (id int primary key, email text, created_at timestamp);
  CREATE TABLE sales.orders (id int primary key, customer_id int references sales.customers, note text, created_at timestamp);
  CREATE TABLE hr.people (id int primary key, name text);
`;

/** A database of its own, so that nothing of it is arranged. */
async function database(page: Page): Promise<string> {
  const made = await page.request.post('/api/databases/from-text', {
    data: { name: `Levels ${unique()}`, sql_content: SHOP },
  });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

/** The ids of a database's tables by their names. */
async function tables(page: Page, id: string): Promise<Map<string, number>> {
  const answer = await page.request.get(`/api/tables?database=${id}`);
  const { tables } = (await answer.json()) as { tables: { id: number; tableName: string }[] };
  return new Map(tables.map((table) => [table.tableName, table.id]));
}

/** A view of the database that hides these tables. */
async function hiding(page: Page, id: string, ...names: string[]): Promise<string> {
  const made = await page.request.post(`/api/databases/${id}/views`, { data: { name: 'Quiet' } });
  expect(made.status()).toBe(201);
  const view = ((await made.json()) as { id: string }).id;
  const ids = await tables(page, id);
  const data = names.map((name) => ({ hide: { table: ids.get(name), hidden: true } }));
  const done = await page.request.post(`/api/databases/${id}/views/${view}/changes`, { data });
  expect(done.ok()).toBe(true);
  return view;
}

async function accessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    const violations = await axe(page);
    expect(violations).toEqual([]);
  }
}

test('the level of the most used columns stands in the menu and the address', async ({ page }) => {
  await open(page, sample('?show=sales.*'));
  await drawn(page);
  await page.getByTestId('diagram-level').click();
  await page.getByTestId('diagram-level-item').filter({ hasText: 'Most used' }).click();
  await expect(page).toHaveURL(/level=used/);
  await drawn(page);
  await expect(page.getByTestId('diagram-level')).toContainText('Most used');
  const svg = await page.request.get(`/api/databases/${prepared().sample}/diagram.svg?show=sales.*&level=used`);
  expect(await svg.text()).toMatch(/\d+ more columns/);
});

test('usage is said of columns in the drawer and of links in the tree', async ({ page }) => {
  // Axe looks at it in two themes.
  test.slow();
  await open(page, sample('?show=sales.orders,sales.customers&overlay=usage&table=sales.orders'));
  await drawn(page);
  await expect(page.getByTestId('diagram-legend')).toContainText(/\d+ columns?/);
  const column = page.locator('.drawer-column').filter({ hasText: /^◇\s*foreign key customer_id/ });
  await expect(column).toContainText(/statements? names? it/);
  await page.getByTestId('diagram-filter').fill('sales.orders');
  await page.keyboard.press('Enter');
  await tree(page).focus();
  await page.keyboard.press('ArrowRight');
  await expect(tree(page).getByRole('treeitem', { name: /references.*join by it/ })).toHaveCount(1);
  await accessible(page);
});

test('the time of the usage is chosen in the legend, and stands in the address', async ({ page }) => {
  await open(page, sample('?show=sales.*&overlay=usage'));
  await drawn(page);
  const legend = page.getByTestId('diagram-legend');
  await expect(legend.getByTestId('usage-window').filter({ hasText: 'all' })).toHaveAttribute('aria-current', 'page');
  await legend.getByTestId('usage-window').filter({ hasText: '7 d' }).click();
  await expect(page).toHaveURL(/days=7/);
  await expect(legend).toContainText('last 7 days');
  await drawn(page);
  await accessible(page);
});

test('tags are shown with a legend, in the drawer and in the tree', async ({ page }) => {
  // Axe looks at it in two themes.
  test.slow();
  const id = await database(page);
  const customers = (await tables(page, id)).get('customers');
  const tagged = await page.request.patch(`/api/tables/${customers}`, { data: { tags: ['pii', 'core'] } });
  expect(tagged.ok()).toBe(true);
  await open(page, `/databases/${id}/diagram?table=sales.customers`);
  await drawn(page);
  await page.getByTestId('diagram-overlay').click();
  await page.getByTestId('diagram-overlay-item').filter({ hasText: 'Tags' }).click();
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-overlay', 'tags');
  await drawn(page);
  const legend = page.getByTestId('diagram-legend');
  await expect(legend.locator('[data-kind=tag]')).toHaveCount(2);
  await expect(legend).toContainText('pii');
  await expect(tree(page).getByRole('treeitem', { name: /^sales\.customers.*Tagged core, pii/ })).toHaveCount(1);
  await open(page, `/databases/${id}/diagram?overlay=tags&table=sales.customers`);
  await drawn(page);
  await expect(page.getByTestId('diagram-mark')).toHaveText(/Tags: core pii/);
  await accessible(page);
});

test('hidden tables are apart in the tree, and one by one they come back', async ({ page }) => {
  // Axe looks at it in two themes.
  test.slow();
  const id = await database(page);
  const view = await hiding(page, id, 'customers', 'people');
  await open(page, `/databases/${id}/diagram?view=${view}`);
  await drawn(page);
  await expect(tree(page).getByRole('treeitem')).toHaveCount(1);
  await expect(hidden(page)).toContainText('2 hidden tables');
  await hidden(page).locator('summary').click();
  await accessible(page);
  await hidden(page).getByRole('button', { name: 'Show sales.customers' }).click();
  await expect(tree(page).getByRole('treeitem', { name: /^sales\.customers/ })).toHaveCount(1);
  await expect(hidden(page)).toContainText('1 hidden table');
  await expect(page.getByTestId('diagram-selected')).toHaveText('customers');
  await expect(page.getByTestId('view-status')).toHaveText('Saved');
  await page.reload();
  await drawn(page);
  await expect(tree(page).getByRole('treeitem')).toHaveCount(2);
  await page.getByTestId('arrange-show-hidden').click();
  await expect(tree(page).getByRole('treeitem')).toHaveCount(3);
  await expect(hidden(page)).toBeHidden();
});

test('a hidden table is found, said to be hidden, and shown for now', async ({ page }) => {
  const id = await database(page);
  const view = await hiding(page, id, 'customers');
  await open(page, `/databases/${id}/diagram?view=${view}`);
  await drawn(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('/');
  await page.getByTestId('find-input').fill('customers');
  await expect(page.getByTestId('find-row').first()).toContainText('hidden');
  await expect(page.getByTestId('diagram-said')).toContainText('found');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('diagram-selected')).toHaveText('customers');
  const note = page.getByTestId('diagram-hidden-note');
  await expect(note).toBeVisible();
  // Both are heard.
  await expect(page.getByTestId('diagram-said')).toHaveText(/is in view, 1 of \d+\. sales\.customers is hidden in this view;/);
  // Hidden again, it was never anything else.
  await page.keyboard.press('Escape');
  await page.keyboard.press('h');
  await expect(page.getByTestId('diagram-said')).toHaveText('1 table hidden again.');
  await expect(page.getByTestId('diagram-selected')).toHaveCount(0);
  // The view still hides it.
  await page.goto(`/databases/${id}/diagram?view=${view}`);
  await drawn(page);
  await expect(hidden(page)).toContainText('1 hidden table');
});

test('an address leads to a hidden table, which stays hidden in the view', async ({ page }) => {
  const id = await database(page);
  const view = await hiding(page, id, 'customers');
  await open(page, `/databases/${id}/diagram?view=${view}&table=sales.customers`);
  await drawn(page);
  await expect(page.getByTestId('diagram-hidden-note')).toBeVisible();
  await expect(page.getByTestId('diagram-said')).toHaveText(/^sales\.customers is hidden in this view; .* are shown\.$/);
  await expect(tree(page).getByRole('treeitem', { name: /^sales\.customers/ })).toHaveCount(1);
  await open(page, `/databases/${id}/diagram?view=${view}`);
  await drawn(page);
  await expect(hidden(page)).toContainText('1 hidden table');
});

test('hiding a table takes it out of the tree at once', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram?table=hr.people`);
  await drawn(page);
  const note = page.getByTestId('diagram-hidden-note');
  await expect(note).toBeHidden();
  await page.getByTestId('arrange-hide').click();
  await expect(tree(page).getByRole('treeitem')).toHaveCount(2);
  await expect(hidden(page)).toContainText('1 hidden table');
  await expect(page.getByTestId('arrange-show-hidden')).toHaveText('Show hidden (1)');
  // Found, it is shown for now, and the panel says that it is hidden, until it is not.
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('/');
  await page.getByTestId('find-input').fill('people');
  await page.keyboard.press('Enter');
  await expect(note).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByTestId('arrange-undo').click();
  await expect(note).toBeHidden();
  await page.getByTestId('arrange-redo').click();
  await page.getByTestId('arrange-undo').click();
  await expect(tree(page).getByRole('treeitem')).toHaveCount(3);
});

test('a column is hidden in every table and shown again', async ({ page }) => {
  // Axe looks at it in two themes.
  test.slow();
  const id = await database(page);
  await open(page, `/databases/${id}/diagram?table=sales.orders`);
  await drawn(page);
  const column = (name: string) => page.locator('.drawer-column').filter({ hasText: name });
  // A link ends at it.
  await expect(column('customer_id').getByTestId('diagram-hide-column')).toHaveCount(0);
  await column('created_at').getByTestId('diagram-hide-column').click();
  await expect(page).toHaveURL(/hide=created_at/);
  const json = await page.request.get(`/api/databases/${id}/diagram.json?hide=created_at`);
  expect(await json.text()).not.toContain('created_at');
  await open(page, `/databases/${id}/diagram?hide=created_at&table=sales.orders`);
  await drawn(page);
  await expect(column('created_at')).toHaveCount(0);
  await accessible(page);
  await page.getByTestId('diagram-show-column').click();
  await expect(page).not.toHaveURL(/hide=/);
});

test('a whole schema is left out', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram?table=sales.orders`);
  await drawn(page);
  await page.getByTestId('diagram-hide-schema').click();
  await expect(page.getByTestId('diagram-count')).toHaveText('1 of 3 tables');
});
