// What the address says over a view: links begin from what the view shows.
import type { Page } from '@playwright/test';
import { drawn, expect, open, test, unique } from '../fixtures';

const SCHEMAS = `
  CREATE TABLE sales.customers (id int primary key);
  CREATE TABLE sales.orders (id int primary key, customer int references sales.customers);
  CREATE TABLE stock.products (id int primary key);
  CREATE TABLE stock.bins (id int primary key, product int references stock.products);
`;

async function database(page: Page): Promise<string> {
  const made = await page.request.post('/api/databases/from-text', {
    data: { name: `On views ${unique()}`, sql_content: SCHEMAS },
  });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

async function view(page: Page, id: string, query: object): Promise<string> {
  const made = await page.request.post(`/api/databases/${id}/views`, { data: { name: 'Mine', query } });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

const row = (page: Page, name: string) =>
  page.getByTestId('diagram-outline').getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}`) });

const tables = (page: Page) => page.getByTestId('er-diagram').getAttribute('data-tables');

/** Opens the diagram and selects a table, or a box, by its name. */
async function take(page: Page, address: string, name: string): Promise<void> {
  await open(page, address);
  await drawn(page);
  await row(page, name).click();
  await expect(page.getByTestId('diagram-reach')).toBeVisible();
}

test('a group that a view folds is unfolded, by button, menu and key', async ({ page }) => {
  const id = await database(page);
  const name = await view(page, id, { fold: 'sales' });
  const address = `/databases/${id}/diagram?view=${name}`;
  await take(page, address, 'sales.*');
  expect(await tables(page)).toBe('3');
  await page.getByTestId('diagram-unfold').click();
  await expect.poll(() => tables(page)).toBe('4');
  await expect(page).toHaveURL(new RegExp(`view=${name}`));

  await open(page, address);
  await drawn(page);
  await page.getByTestId('diagram-fold').click();
  await page.getByRole('menuitem', { name: 'All schemas' }).click();
  await expect.poll(() => tables(page)).toBe('2');
  // With every schema folded there is a way back.
  await page.getByTestId('diagram-fold').click();
  await page.getByRole('menuitem', { name: 'None' }).click();
  await expect.poll(() => tables(page)).toBe('4');

  await open(page, address);
  await drawn(page);
  await row(page, 'sales.*').click();
  await page.getByTestId('diagram-outline').focus();
  await page.keyboard.press('Enter');
  await expect.poll(() => tables(page)).toBe('4');
});

test('less and more begin from what the view shows', async ({ page }) => {
  const id = await database(page);
  const name = await view(page, id, { show: 'sales.*' });
  const address = `/databases/${id}/diagram?view=${name}`;
  await take(page, address, 'sales.orders');
  expect(await tables(page)).toBe('2');
  await page.getByTestId('diagram-hide').click();
  await expect.poll(() => tables(page)).toBe('1');

  await take(page, address, 'sales.orders');
  await page.getByTestId('diagram-expand').click();
  await expect(page.getByTestId('diagram-collapse')).toBeVisible();
  expect(await tables(page)).toBe('2');
});

test('what a view says of relations and ways is taken away', async ({ page }) => {
  const id = await database(page);
  const name = await view(page, id, { path: 'sales.orders, sales.customers', relations: 'all' });
  const address = `/databases/${id}/diagram?view=${name}`;
  await open(page, address);
  await drawn(page);
  await page.getByTestId('diagram-ways-hide').click();
  await expect(page.getByTestId('diagram-ways')).toHaveCount(0);

  await open(page, address);
  await drawn(page);
  await page.getByTestId('diagram-relations').click();
  const accepted = page.getByRole('menuitem', { name: 'With accepted' });
  await accepted.click();
  await expect(page).toHaveURL(/relations=accepted/);
  await page.getByTestId('diagram-relations').click();
  await expect(accepted).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Escape');

  // What is said over the picture takes the way's place.
  await open(page, address);
  await drawn(page);
  await page.getByTestId('diagram-overlay').click();
  await page.getByRole('menuitem', { name: 'Findings' }).click();
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-overlay', 'findings');
  await expect(page.getByTestId('diagram-ways')).toHaveCount(0);
});

/** Moves the selected table by key, so that the view is made. */
async function arrange(page: Page): Promise<void> {
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Alt+ArrowRight');
}

test('what is typed stays when the first change makes the view', async ({ page }) => {
  const id = await database(page);
  await take(page, `/databases/${id}/diagram?show=sales.*`, 'sales.orders');
  await page.getByTestId('diagram-show').fill('stock.*');
  await page.getByTestId('diagram-views').click();
  await page.getByTestId('views-save').click();
  await page.getByTestId('views-save-name').fill('Half a na');
  await page.keyboard.press('Escape');
  await page.getByTestId('diagram-selected').evaluate((heading) => heading.setAttribute('data-same', ''));
  await arrange(page);
  await expect(page).toHaveURL(/view=vw_/);
  await expect(page.getByTestId('diagram-views')).toContainText('My arrangement');
  await expect(page.getByTestId('diagram-show')).toHaveValue('stock.*');
  await expect(page.getByTestId('views-save-name')).toHaveValue('Half a na');
  await expect(page.getByTestId('diagram-selected')).toHaveAttribute('data-same', '');
  // Forms that were there before send the view along.
  await expect(page.locator('form.diagram-show input[name="view"]')).toHaveCount(1);
});

test('who copies the link of a private view is told that nobody else can open it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const id = await database(page);
  const name = await view(page, id, {});
  await open(page, `/databases/${id}/diagram?view=${name}`);
  await drawn(page);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  // While the picture moves the address lags behind; the link does not.
  await page.getByTestId('zoom-in').click();
  await page.getByRole('button', { name: 'Copy the link to what is shown' }).click();
  await expect.poll(copied).toContain('at=');
  await expect(page.getByTestId('diagram-link-private')).toBeVisible();
  await page.getByTestId('diagram-link-share').click();
  await drawn(page);
  await page.getByRole('button', { name: 'Copy the link to what is shown' }).click();
  await expect.poll(copied).toContain(`view=${name}`);
  await expect(page.getByTestId('diagram-link-private')).toHaveCount(0);
});

test('what the browser refuses to copy is not called copied', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  await page.evaluate(() => {
    navigator.clipboard.writeText = () => Promise.reject(new DOMException('no', 'NotAllowedError'));
  });
  await page.getByRole('button', { name: 'Copy the link to what is shown' }).click();
  await expect(page.getByTestId('diagram-copy-link')).toContainText('The browser refused to copy');
});

test('several tables are selected by keys, in the picture and in the tree', async ({ page }) => {
  const id = await database(page);
  await take(page, `/databases/${id}/diagram`, 'sales.orders');
  const diagram = page.getByTestId('er-diagram');
  const said = page.getByTestId('diagram-said');
  await page.locator('canvas.diagram-canvas').focus();
  // A neighbour lies on some side.
  await expect(async () => {
    for (const side of ['Right', 'Left', 'Up', 'Down']) await page.keyboard.press(`Shift+Arrow${side}`);
    expect(Number(await diagram.getAttribute('data-selected'))).toBeGreaterThan(1);
  }).toPass();
  await page.keyboard.press('Control+a');
  await expect(said).toHaveText(/^4 tables are selected\./);
  await expect(page.getByTestId('arrange-tidy')).toBeVisible();

  await row(page, 'sales.customers').click();
  await expect(diagram).toHaveAttribute('data-selected', '1');
  await page.getByTestId('diagram-outline').focus();
  await page.keyboard.press('Control+ArrowDown');
  await page.keyboard.press('Control+Space');
  await expect(diagram).toHaveAttribute('data-selected', '2');
  await expect(said).toHaveText(/^2 tables are selected\./);
  await expect(page.locator('[role="treeitem"][aria-selected="true"]')).toHaveCount(2);
  await page.keyboard.press('Control+Space');
  await expect(diagram).toHaveAttribute('data-selected', '1');
  // The address names all that are selected.
  await page.keyboard.press('Control+Space');
  await expect(diagram).toHaveAttribute('data-selected', '2');
  const named = () => new URL(page.url()).searchParams.getAll('table');
  await expect.poll(named).toHaveLength(2);
  await page.reload();
  await drawn(page);
  await expect(diagram).toHaveAttribute('data-selected', '2');
});

test('an area is moved with what stands on it and resized, by keys', async ({ page }) => {
  const id = await database(page);
  await take(page, `/databases/${id}/diagram`, 'sales.orders');
  const place = () => page.getByTestId('er-diagram').getAttribute('data-place');
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-place', /,/);
  const before = await place();
  await page.getByTestId('arrange-area').click();
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await expect(page.getByTestId('diagram-said')).toHaveText(/moved/);
  await page.keyboard.press('Control+ArrowRight');
  await expect(page.getByTestId('diagram-said')).toHaveText(/ wide, .* high\./);
  await row(page, 'sales.orders').click();
  await expect.poll(place).toMatch(/,/);
  await expect.poll(place).not.toBe(before);
});

test('the box of a folded group keeps its place, its pin and its colour', async ({ page }) => {
  const id = await database(page);
  await take(page, `/databases/${id}/diagram?fold=sales`, 'sales.*');
  const place = () => page.getByTestId('er-diagram').getAttribute('data-place');
  await expect.poll(place).toMatch(/,/);
  const before = await place();
  await arrange(page);
  await expect(page.getByTestId('diagram-said')).toHaveText(/^1 group moved/);
  await expect(page).toHaveURL(/view=vw_/);
  const moved = await place();
  expect(moved).not.toBe(before);
  await page.getByTestId('arrange-pin').click();
  await page.getByTestId('arrange-colour').click();
  await page.getByRole('menuitem', { name: 'Teal' }).click();
  await expect(page.getByTestId('view-status')).toHaveText('Saved');
  await page.reload();
  await drawn(page);
  await row(page, 'sales.*').click();
  await expect.poll(place).toBe(moved);
  await expect(page.getByTestId('arrange-pin')).toHaveAttribute('aria-pressed', 'true');
  await page.getByTestId('arrange-colour').click();
  await expect(page.getByRole('menuitem', { name: 'Teal' })).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Escape');
  // Opened and folded again it stands there too.
  await page.getByTestId('diagram-unfold').click();
  await expect.poll(() => tables(page)).toBe('4');
  await page.goBack();
  await expect.poll(() => tables(page)).toBe('3');
  await row(page, 'sales.*').click();
  await expect.poll(place).toBe(moved);
});

test('a folded group is hidden and shown again', async ({ page }) => {
  const id = await database(page);
  const name = await view(page, id, { fold: 'sales' });
  await take(page, `/databases/${id}/diagram?view=${name}`, 'sales.*');
  await page.getByTestId('arrange-hide').click();
  await expect(page.getByTestId('diagram-said')).toHaveText(/^1 group hidden/);
  await expect(page.getByTestId('diagram-hidden')).toContainText('1 hidden group');
  await expect(page.getByTestId('view-status')).toHaveText('Saved');
  await page.reload();
  await drawn(page);
  await expect(row(page, 'sales.*')).toHaveCount(0);
  await page.getByTestId('diagram-hidden').locator('summary').click();
  await page.getByRole('button', { name: 'Show sales.*' }).click();
  await expect(row(page, 'sales.*')).toHaveCount(1);
});

test('of a table of an older version it is said that its place is not kept', async ({ page }) => {
  const id = await database(page);
  const less = SCHEMAS.replace(/CREATE TABLE stock\.bins.*\n/, '');
  const again = await page.request.post(`/api/databases/${id}/from-text`, { data: { sql_content: less } });
  expect(again.ok()).toBe(true);
  await take(page, `/databases/${id}/diagram?overlay=changes`, 'stock.bins');
  await expect(page.getByTestId('arrange-fleeting')).toBeVisible();
  await expect(page.getByTestId('arrange-pin')).toHaveCount(0);
  await expect(page.getByTestId('arrange-hide')).toHaveCount(0);
});

test('a fault of the server while storing is told as that, and what was arranged is stored later', async ({ page }) => {
  test.slow();
  const id = await database(page);
  const name = await view(page, id, {});
  await take(page, `/databases/${id}/diagram?view=${name}`, 'sales.orders');
  let fails = true;
  await page.route('**/rpc/page*', async (route) => {
    const arranges = route.request().postData()?.includes('Arrange') ?? false;
    if (!fails || !arranges) return route.continue();
    const body = JSON.stringify({ kind: 'internal', message: 'The store is full.', field: null });
    await route.fulfill({ status: 500, contentType: 'application/json', body });
  });
  await arrange(page);
  await expect(page.getByTestId('view-status')).toHaveText(/^Not saved yet: /);
  await expect(page.getByTestId('view-status')).toHaveAttribute('data-state', 'later');
  fails = false;
  await expect(page.getByTestId('view-status')).toHaveText('Saved', { timeout: 20_000 });
});
