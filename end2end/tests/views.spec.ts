// Saved views: kept by themselves, shared, live for others, kept without a connection.
import type { Browser, Page, Route } from '@playwright/test';
import { axe, drawn, expect, fits, hydrated, main, open, test, unique } from '../fixtures';
import { stateFile } from '../servers';

const SHOP = `
  CREATE TABLE orders (id int primary key, total numeric);
`;

/** A database of one table, which stands in the middle of its diagram. */
async function database(page: Page): Promise<string> {
  const made = await page.request.post('/api/databases/from-text', {
    data: { name: `Views ${unique()}`, sql_content: SHOP },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  return id;
}

async function view(page: Page, id: string, data: object): Promise<string> {
  const made = await page.request.post(`/api/databases/${id}/views`, { data });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

/** Where the view has its only table. */
async function place(page: Page, id: string, name: string): Promise<string> {
  const answer = await page.request.get(`/api/databases/${id}/views/${name}/changes`);
  const { changes } = (await answer.json()) as { changes: { place?: { at: { x: number; y: number } | null } }[] };
  const at = changes.find((change) => change.place)?.place?.at;
  return at ? `${Math.round(at.x)},${Math.round(at.y)}` : '';
}

/** Drags the table in the middle of the picture, or so far from there. */
async function drag(page: Page, dx: number, dy: number, [awayX, awayY] = [0, 0]): Promise<void> {
  const box = (await page.locator('canvas.diagram-canvas').boundingBox())!;
  const [x, y] = [box.x + box.width / 2 + awayX, box.y + box.height / 2 + awayY];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + dx / 2, y + dy / 2, { steps: 4 });
  await page.mouse.move(x + dx, y + dy, { steps: 4 });
  await page.mouse.up();
}

/** A second browser of the same person. */
async function another(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: main.url, storageState: stateFile });
  return context.newPage();
}

test('the first change makes a private view, and nothing moves on reload', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  await drag(page, 90, 60);
  await expect(page.getByTestId('view-status')).toHaveText('Saved');
  await expect(page).toHaveURL(/view=vw_[a-z0-9]{10}/);
  const name = new URL(page.url()).searchParams.get('view')!;
  const kept = await place(page, id, name);
  expect(kept).not.toBe('');
  await expect(page.getByTestId('diagram-views')).toContainText('My arrangement');
  await page.reload();
  await drawn(page);
  expect(await place(page, id, name)).toBe(kept);
  await expect(page.getByTestId('diagram-views')).toContainText('My arrangement');
});

test('who goes on to another picture before the first view is made has the address of that picture', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  const gates: Record<string, () => void> = {};
  await page.route('**/rpc/page*', async (route) => {
    const asked = ['"Arrange"', '"Diagram"'].find((it) => route.request().postData()?.includes(it));
    if (asked) await new Promise<void>((go) => (gates[asked] = go));
    await route.continue();
  });
  await drag(page, 160, 80);
  await expect.poll(() => '"Arrange"' in gates).toBe(true);
  await page.getByTestId('diagram-level').click();
  await page.getByTestId('diagram-level-item').filter({ hasText: 'All columns' }).click();
  await expect.poll(() => '"Diagram"' in gates).toBe(true);
  // The view is made while the page is still the one before.
  const made = page.waitForResponse((answer) => answer.request().postData()?.includes('"Arrange"') ?? false);
  gates['"Arrange"']!();
  await (await made).finished();
  gates['"Diagram"']!();
  await drawn(page);
  await expect(page.getByTestId('diagram-level')).toContainText('All columns');
  const says = (key: string) => new URL(page.url()).searchParams.get(key);
  expect([says('level'), says('view')]).toEqual(['all', null]);
});

test('with the view that was made here links lead on, and one leads out of it', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  await drag(page, 90, 60);
  await expect(page.getByTestId('view-status')).toHaveText('Saved');
  const name = new URL(page.url()).searchParams.get('view')!;
  const links = page.getByTestId('diagram-drawer').locator('a[href*="/diagram?"]');
  await expect(links.first()).toBeVisible();
  for (const link of await links.all()) expect(await link.getAttribute('href')).toContain(`view=${name}`);
  await page.getByTestId('diagram-views').click();
  await page.getByTestId('views-none').click();
  await expect(page).not.toHaveURL(/view=vw_/);
  await expect(page.getByTestId('diagram-views')).toHaveAttribute('aria-label', 'Views of this database');
});

test('two browsers on one view see each other within a second', async ({ page, browser }) => {
  const id = await database(page);
  const name = await view(page, id, { name: 'Ours', shared: true });
  const other = await another(browser);
  for (const each of [page, other]) {
    const hears = each.waitForResponse((answer) => answer.url().endsWith(`/${name}/events`));
    await open(each, `/databases/${id}/diagram?view=${name}`);
    await drawn(each);
    await hears;
  }
  // The stage names where the selected table stands.
  const box = (await other.locator('canvas.diagram-canvas').boundingBox())!;
  await other.locator('canvas.diagram-canvas').click({ position: { x: box.width / 2, y: box.height / 2 } });
  const [mine, theirs] = [page.getByTestId('er-diagram'), other.getByTestId('er-diagram')];
  await expect(theirs).toHaveAttribute('data-place', /,/);
  const first = await theirs.getAttribute('data-place');
  let isAway = false;
  // There and back until it was soon enough: the machine may have had other things to do.
  await expect(async () => {
    if (isAway) await drag(page, -120, -80, [120, 80]);
    else await drag(page, 120, 80);
    isAway = !isAway;
    await expect(page.getByTestId('view-status')).toHaveText('Saved');
    const place = await mine.getAttribute('data-place');
    if (isAway) expect(place).not.toBe(first);
    await expect(theirs).toHaveAttribute('data-place', place!, { timeout: 1_500 });
  }).toPass();
  await other.context().close();
});

test('without a connection what was arranged is kept, said and sent later', async ({ page, context }) => {
  test.slow();
  const id = await database(page);
  const name = await view(page, id, { name: 'Mine' });
  await open(page, `/databases/${id}/diagram?view=${name}`);
  await drawn(page);
  const before = await place(page, id, name);
  await context.setOffline(true);
  await drag(page, 100, 70);
  await expect(page.getByTestId('view-status')).toHaveText('Not saved yet: no connection');
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('crowfoot:view:')).length)).toBe(1);
  await context.setOffline(false);
  await expect(page.getByTestId('view-status')).toHaveText('Saved', { timeout: 20_000 });
  await expect.poll(() => place(page, id, name)).not.toBe(before);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('crowfoot:view:')).length)).toBe(0);
});

test('what a closed page could not send is sent by the next', async ({ page, context }) => {
  test.slow();
  const id = await database(page);
  const name = await view(page, id, { name: 'Mine' });
  await open(page, `/databases/${id}/diagram?view=${name}`);
  await drawn(page);
  const before = await place(page, id, name);
  await context.setOffline(true);
  await drag(page, 100, 70);
  await expect(page.getByTestId('view-status')).toHaveText('Not saved yet: no connection');
  // A page that is left tries once more, and a browser that closes it no longer pretends then that
  // there is no connection.
  await page.evaluate(() => {
    window.fetch = () => Promise.reject(new TypeError('There is no connection.'));
  });
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  // Not by one that is shown by another site, where nothing is arranged.
  await open(next, `/embed/${id}/diagram?view=${name}`);
  await drawn(next);
  expect(await next.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('crowfoot:view:')).length)).toBe(1);
  expect(await place(next, id, name)).toBe(before);
  await open(next, `/databases/${id}/diagram?view=${name}`);
  await drawn(next);
  await expect(next.getByTestId('diagram-said')).toHaveText('Not sent before: 1 table moved.');
  await expect.poll(() => place(next, id, name)).not.toBe(before);
});

/** Answers the first question of a page that arranges something, and leaves all others alone. */
async function once(page: Page, answer: (route: Route) => Promise<void>): Promise<() => boolean> {
  let isOver = false;
  await page.route('**/rpc/page', async (route) => {
    if (isOver || !route.request().postData()?.includes('"Arrange"')) return route.fallback();
    isOver = true;
    await answer(route);
  });
  return () => isOver;
}

test('what a proxy answers for a server that is away loses nothing', async ({ page }) => {
  test.slow();
  const id = await database(page);
  const name = await view(page, id, { name: 'Mine' });
  await open(page, `/databases/${id}/diagram?view=${name}`);
  await drawn(page);
  const before = await place(page, id, name);
  await once(page, (route) => route.fulfill({ status: 502, contentType: 'text/html', body: '<html>Bad gateway</html>' }));
  const failed = page.waitForResponse((answer) => answer.status() === 502);
  await drag(page, 100, 70);
  await failed;
  await expect(page.getByTestId('view-status')).toHaveText('Saved', { timeout: 20_000 });
  await expect.poll(() => place(page, id, name)).not.toBe(before);
});

test('what is arranged just before the page is left arrives behind what was on its way', async ({ page }) => {
  const id = await database(page);
  const name = await view(page, id, { name: 'Mine' });
  await open(page, `/databases/${id}/diagram?view=${name}`);
  await drawn(page);
  const before = await place(page, id, name);
  let answer = () => {};
  const held = new Promise<void>((resolve) => (answer = resolve));
  const isAsked = await once(page, async (route) => {
    const response = await route.fetch();
    await held;
    await route.fulfill({ response });
  });
  await drag(page, 100, 70);
  await expect.poll(() => place(page, id, name)).not.toBe(before);
  expect(isAsked()).toBe(true);
  const first = await place(page, id, name);
  await drag(page, -60, -90, [100, 70]);
  // A link of the page: what it runs goes on.
  await page.locator(`a[href="/databases/${id}"]`).first().click();
  await expect(page.getByTestId('er-diagram')).toHaveCount(0);
  answer();
  await expect.poll(() => place(page, id, name)).not.toBe(first);
  await expect.poll(() => page.evaluate(() => Object.keys(localStorage).filter((key) => key.startsWith('crowfoot:view:')).length)).toBe(0);
});

test('a view whose making was not heard of is not made twice', async ({ page }) => {
  test.slow();
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  const isLost = await once(page, async (route) => {
    await route.fetch();
    await route.abort();
  });
  await drag(page, 90, 60);
  await expect(page.getByTestId('view-status')).toHaveText('Saved', { timeout: 20_000 });
  expect(isLost()).toBe(true);
  await expect(page).toHaveURL(/view=vw_[a-z0-9]{10}/);
  const views = await page.request.get(`/api/databases/${id}/views`);
  expect(await views.json()).toHaveLength(1);
});

test('nor by the next visit', async ({ page, context }) => {
  test.slow();
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  const isLost = await once(page, async (route) => {
    await route.fetch();
    await context.setOffline(true);
    await route.abort();
  });
  await drag(page, 90, 60);
  await expect(page.getByTestId('view-status')).toHaveText('Not saved yet: no connection');
  expect(isLost()).toBe(true);
  await page.close();
  await context.setOffline(false);
  const next = await context.newPage();
  await open(next, `/databases/${id}/diagram`);
  await drawn(next);
  await expect(next).toHaveURL(/view=vw_[a-z0-9]{10}/);
  const views = await next.request.get(`/api/databases/${id}/views`);
  expect(await views.json()).toHaveLength(1);
});

test('taken back, the first change leaves the table where it stood, after a reload too', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram?table=orders`);
  await drawn(page);
  const pane = page.getByTestId('er-diagram');
  const said = page.getByTestId('diagram-said');
  await expect(pane).toHaveAttribute('data-place', /,/);
  const first = (await pane.getAttribute('data-place'))!;
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Alt+Shift+ArrowRight');
  await expect(pane).not.toHaveAttribute('data-place', first);
  await expect(page).toHaveURL(/view=vw_[a-z0-9]{10}/);
  await page.keyboard.press('Control+z');
  await expect(said).toContainText('Taken back: 1 table moved.');
  await expect(pane).toHaveAttribute('data-place', first);
  await expect(page.getByTestId('view-status')).toHaveText('Saved');
  const name = new URL(page.url()).searchParams.get('view')!;
  const away = async (axis: number) =>
    Math.abs(Number((await place(page, id, name)).split(',')[axis] || NaN) - Number(first.split(',')[axis]));
  for (const axis of [0, 1]) await expect.poll(() => away(axis)).toBeLessThan(2);
  await page.reload();
  await drawn(page);
  await expect(pane).toHaveAttribute('data-place', first);
});

test('what keys do to the selection is said', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram?table=orders`);
  await drawn(page);
  const said = page.getByTestId('diagram-said');
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('p');
  await expect(said).toContainText('1 table pinned.');
  await page.keyboard.press('Control+z');
  await expect(said).toContainText('Taken back: 1 table no longer pinned.');
  await page.keyboard.press('Control+y');
  await expect(said).toContainText('Done again: 1 table pinned.');
  await page.keyboard.press('h');
  await expect(said).toContainText('1 table hidden.');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(said).toContainText('There is nothing to take back.');
});

test('a view is saved under a name, made the first to open, and found in the menu', async ({ page }) => {
  const id = await database(page);
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  await page.getByTestId('diagram-views').click();
  await page.getByTestId('views-save').click();
  await page.getByTestId('views-save-name').fill('Billing');
  await page.getByTestId('views-save-folder').fill('finance/money');
  await page.getByTestId('views-save-shared').check();
  await page.getByTestId('views-save-submit').click();
  await expect(page).toHaveURL(/view=vw_/);
  await hydrated(page);
  await page.getByTestId('diagram-views').click();
  const tree = page.getByTestId('views-tree');
  await expect(tree).toContainText('finance / money');
  await expect(tree.locator('[aria-current]')).toContainText('Billing');
  await page.getByTestId('views-default').click();
  await expect(page.getByTestId('flash')).toContainText('opens first');
  await open(page, `/databases/${id}/diagram`);
  await expect(page.getByTestId('diagram-views')).toContainText('Billing');
  // A name that is taken is told beside its field, and what was entered is there.
  await page.getByTestId('diagram-views').click();
  await page.getByTestId('views-save').click();
  await page.getByTestId('views-save-name').fill('billing');
  await page.getByTestId('views-save-folder').fill('finance / money');
  await page.getByTestId('views-save-submit').click();
  await expect(page.getByText('There is a view of this name in this folder already.')).toBeVisible();
  await expect(page.getByTestId('views-save-name')).toHaveValue('billing');
});

test('a view is renamed, duplicated, gone back and deleted on its page', async ({ page }) => {
  const id = await database(page);
  const name = await view(page, id, { name: 'Billing' });
  const kept = await place(page, id, name);
  const changes = await page.request.get(`/api/databases/${id}/views/${name}/changes`);
  const { changes: all } = (await changes.json()) as { changes: { place?: { table: number } }[] };
  const table = all.find((change) => change.place)!.place!.table;
  const moved = await page.request.post(`/api/databases/${id}/views/${name}/changes`, {
    data: [{ place: { table, at: { x: 4000, y: 4000 } } }],
  });
  expect(moved.status()).toBe(200);
  await open(page, `/databases/${id}/views/${name}`);
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Billing');
  await expect(page.getByTestId('view-history')).toContainText('1 thing is different');
  await page.getByTestId('view-restore').click();
  await expect(page).toHaveURL(/diagram\?view=vw_/);
  expect(await place(page, id, name)).toBe(kept);

  await open(page, `/databases/${id}/views/${name}`);
  await page.getByTestId('view-name').fill('Money');
  await page.getByTestId('view-save').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Money');
  await hydrated(page);
  await page.getByTestId('view-duplicate').click();
  await expect(page.getByTestId('diagram-views')).toContainText('Money, copy');
  await open(page, `/databases/${id}/views/${name}`);
  await page.getByTestId('view-delete').click();
  await page.getByTestId('view-delete-confirm').click();
  await expect(page.getByTestId('flash')).toContainText('deleted');
  expect((await page.goto(`/databases/${id}/diagram?view=${name}`))?.status()).toBe(404);
});

for (const theme of ['light', 'dark'] as const) {
  test(`menu and page of a view are accessible in ${theme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme: theme });
    const id = await database(page);
    const name = await view(page, id, { name: 'Billing', folder: 'finance', shared: true });
    await open(page, `/databases/${id}/diagram?view=${name}`);
    await drawn(page);
    await page.getByTestId('diagram-views').click();
    await page.getByTestId('views-save').click();
    expect(await axe(page)).toEqual([]);
    await open(page, `/databases/${id}/views/${name}`);
    expect(await axe(page)).toEqual([]);
  });
}

test('menu and page of a view fit a narrow screen', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const id = await database(page);
  const name = await view(page, id, { name: 'A rather long name of a view about billing', folder: 'finance', shared: true });
  for (const address of [`/databases/${id}/views/${name}`, `/databases/${id}/diagram?view=${name}`]) {
    await open(page, address);
    await fits(page, 390);
  }
});
