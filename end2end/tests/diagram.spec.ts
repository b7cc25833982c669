import { drawn, expect, open, prepared, test } from '../fixtures';

const address = (query = '') => `/databases/${prepared().sample}/diagram${query}`;

/** How many different colours the canvas shows: an empty one has one. */
async function colours(page: import('@playwright/test').Page): Promise<number> {
  return page.locator('canvas.diagram-canvas').evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('2d');
    if (!context) return 0;
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    return seen.size;
  });
}

test('every table and reference of the sample is drawn', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  const diagram = page.getByTestId('er-diagram');
  expect(Number(await diagram.getAttribute('data-tables'))).toBeGreaterThanOrEqual(40);
  expect(Number(await diagram.getAttribute('data-links'))).toBeGreaterThanOrEqual(40);
  await expect(diagram).toHaveAttribute('data-layout', /cached|computed/);
  await expect.poll(() => colours(page)).toBeGreaterThan(10);
});

test('the picture is in the page before any script, with working links', async ({ browser }) => {
  const context = await browser.newContext({
    javaScriptEnabled: false,
    storageState: test.info().project.use.storageState ?? undefined,
    baseURL: test.info().project.use.baseURL,
  });
  await context.addCookies(
    JSON.parse((await import('node:fs')).readFileSync((await import('../servers')).stateFile, 'utf8')).cookies,
  );
  const page = await context.newPage();
  await page.goto(address('?show=sales.orders%2B1'));
  const picture = page.locator('.diagram-picture svg');
  await expect(picture).toBeVisible();
  await expect(picture.locator('a[href*="sales.orders"]')).toHaveCount(1);
  await picture.locator('a[href*="sales.orders"]').first().click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.orders');
  await context.close();
});

for (const [what, show, query] of [
  ['the whole', 'sales.orders%2B1', ''],
  ['a place in it', 'sales.orders%2B1', '&at=200,150,0.8'],
  ['a table that the address names', '*', '&table=sales.orders'],
] as const) {
  test(`the canvas takes ${what} over without a jump`, async ({ page, browser }) => {
    const id = prepared().sample;
    const file = await page.request.get(`/api/databases/${id}/diagram.json?show=${show}`);
    const { tables } = (await file.json()) as { tables: { schema: string; name: string; x: number; y: number }[] };
    const orders = tables.find(({ schema, name }) => schema === 'sales' && name === 'orders')!;
    // Larger than what the server takes for usual, where a picture that is merely stretched would grow.
    const viewport = { width: 1800, height: 1200 };
    await page.setViewportSize(viewport);
    await open(page, address(`?show=${show}${query}`));
    await drawn(page);
    const diagram = page.getByTestId('er-diagram');
    await expect(diagram).toHaveAttribute('data-center', /,/);
    const [x, y] = (await diagram.getAttribute('data-center'))!.split(',').map(Number);
    const zoom = Number(await diagram.getAttribute('data-zoom'));
    const canvas = (await page.locator('canvas.diagram-canvas').boundingBox())!;

    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport,
      storageState: await page.context().storageState(),
      baseURL: test.info().project.use.baseURL,
    });
    const still = await context.newPage();
    await still.goto(address(`?show=${show}${query}`));
    const box = still.locator('.diagram-picture a[href*="sales.orders"] rect').first();
    const seen = (await box.boundingBox())!;
    expect(Math.abs(seen.x - (canvas.x + canvas.width / 2 + (orders.x - x!) * zoom))).toBeLessThan(2);
    expect(Math.abs(seen.y - (canvas.y + canvas.height / 2 + (orders.y - y!) * zoom))).toBeLessThan(2);
    await context.close();
  });
}

test('what hangs together is folded into boxes, and one of them unfolded', async ({ page }) => {
  await open(page, address('?show=*'));
  await drawn(page);
  const diagram = page.getByTestId('er-diagram');
  const tables = async () => Number(await diagram.getAttribute('data-tables'));
  const all = await tables();
  await page.getByTestId('diagram-fold').click();
  await page.getByRole('menuitem', { name: 'Groups by their links' }).click();
  await expect.poll(tables).toBeLessThan(all / 2);
  await drawn(page);
  const folded = await tables();
  const box = page.getByTestId('diagram-drawer').getByRole('treeitem', { name: /around / }).first();
  await box.click();
  await expect(page.getByTestId('diagram-selected')).toContainText('around');
  await page.getByTestId('diagram-unfold').click();
  await expect.poll(tables).toBeGreaterThan(folded);
  expect(await tables()).toBeLessThan(all);
});

test('the link to what is shown is copied', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, address('?show=sales.*'));
  await drawn(page);
  await page.getByTestId('zoom-in').click();
  await expect(page).toHaveURL(/at=/);
  await page.getByRole('button', { name: 'Copy the link to what is shown' }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
});

test('wheel zooms, dragging moves, fit shows all, and the address keeps the view', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  const diagram = page.getByTestId('er-diagram');
  const zoom = async () => Number(await diagram.getAttribute('data-zoom'));
  const fitted = await zoom();
  await page.locator('canvas.diagram-canvas').hover({ position: { x: 400, y: 300 } });
  await page.mouse.wheel(0, -600);
  await expect.poll(zoom).toBeGreaterThan(fitted * 1.5);
  await page.mouse.down();
  await page.mouse.move(600, 500, { steps: 5 });
  await page.mouse.up();
  const kept = await zoom();
  // The address follows once the picture rests.
  await expect.poll(() => new URL(page.url()).searchParams.get('at')).toMatch(new RegExp(`,${kept.toFixed(3)}$`));
  await page.reload();
  await drawn(page);
  await expect.poll(zoom).toBeCloseTo(kept, 2);
  await page.getByTestId('zoom-fit').click();
  await expect.poll(zoom).toBeCloseTo(fitted, 2);
});

test('a click selects, and leads through to the table', async ({ page }) => {
  await open(page, address('?show=sales.orders'));
  await drawn(page);
  await page.locator('canvas.diagram-canvas').click({ position: await centreOf(page) });
  await expect(page.getByTestId('diagram-selected')).toHaveText('orders');
  await expect(page).toHaveURL(/table=sales.orders/);
  await page.getByTestId('diagram-open-table').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.orders');
  await page.goBack();
  await drawn(page);
  await expect(page.getByTestId('diagram-selected')).toHaveText('orders');
});

test('a double click opens the table', async ({ page }) => {
  await open(page, address('?show=sales.orders'));
  await drawn(page);
  await page.locator('canvas.diagram-canvas').dblclick({ position: await centreOf(page) });
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.orders');
});

test('the keyboard walks, opens and lets go', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('ArrowRight');
  const selected = page.getByTestId('diagram-selected');
  await expect(selected).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(selected).toBeHidden();
  await page.keyboard.press('ArrowLeft');
  await expect(selected).toBeVisible();
  const name = await selected.textContent();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toContainText(`.${name}`);
});

test('the list beside the picture finds and shows a table', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.getByTestId('diagram-filter').fill('order_lines');
  await page.getByTestId('diagram-outline').getByRole('treeitem', { name: 'sales.order_lines' }).click();
  await expect(page.getByTestId('diagram-selected')).toHaveText('order_lines');
});

test('an expression shows a part, and what is unknown is said', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.getByTestId('diagram-show').fill('logistics.*, no_such_table');
  await page.getByTestId('diagram-show').press('Enter');
  await expect(page).toHaveURL(/show=/);
  await drawn(page);
  await expect(page.getByTestId('diagram-unknown')).toContainText('no_such_table');
  await expect(page.getByTestId('diagram-count')).toContainText(/ of /);
});

test('an expression that fits nothing says so', async ({ page }) => {
  await open(page, address('?show=no_such_table'));
  await expect(page.getByTestId('empty-state')).toContainText('No table fits');
});

test('the colours follow the theme at once', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, address());
  await drawn(page);
  const corner = () =>
    page.locator('canvas.diagram-canvas').evaluate((canvas: HTMLCanvasElement) => {
      const data = canvas.getContext('2d')?.getImageData(2, 2, 1, 1).data;
      return data ? data[0]! + data[1]! + data[2]! : -1;
    });
  await expect.poll(corner).toBeGreaterThan(600);
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(corner).toBeLessThan(150);
});

async function centreOf(page: import('@playwright/test').Page): Promise<{ x: number; y: number }> {
  const box = await page.locator('canvas.diagram-canvas').boundingBox();
  expect(box).not.toBeNull();
  return { x: (box?.width ?? 0) / 2, y: (box?.height ?? 0) / 2 };
}

test('a view is taken along as it is, in every format', async ({ page }) => {
  await open(page, address('?show=sales.orders,sales.customers&level=keys'));
  await drawn(page);
  await page.getByTestId('diagram-export').click();
  const items = page.getByTestId('diagram-export-item');
  await expect(items).toHaveText([
    'SVG, light',
    'SVG, dark',
    'PDF',
    'PNG, 1×',
    'PNG, 2×',
    'PNG, 3×',
    'PNG, 4×',
    'PNG, dark, 2×',
    'Mermaid',
    'DBML',
    'SQL',
    'Markdown',
    'JSON',
  ]);
  const waiting = page.waitForEvent('download');
  await items.filter({ hasText: 'SVG, dark' }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/-diagram\.svg$/);
  const { readFile } = await import('node:fs/promises');
  const svg = await readFile(await download.path(), 'utf8');
  expect(svg).toContain('>orders</text>');
  expect(svg).not.toContain('order_lines');
  expect(svg).not.toMatch(/(href|src)=/);
  for (const extension of ['json', 'mmd', 'dbml', 'sql', 'md']) {
    const answer = await page.request.get(
      `/api/databases/${prepared().sample}/diagram.${extension}?show=sales.orders,sales.customers`,
    );
    expect(answer.status(), extension).toBe(200);
    expect(await answer.text(), extension).toContain('customers');
  }
});

test('the level of detail stands in the address', async ({ page }) => {
  await open(page, address('?show=sales.*'));
  await drawn(page);
  await page.getByTestId('diagram-level').click();
  await page.getByTestId('diagram-level-item').filter({ hasText: 'Names only' }).click();
  await expect(page).toHaveURL(/level=names/);
  await drawn(page);
  await expect(page.getByTestId('diagram-level')).toContainText('Names only');
});

test('findings and usage lie over the picture, with a legend', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.getByTestId('diagram-overlay').click();
  await page.getByTestId('diagram-overlay-item').filter({ hasText: 'Usage' }).click();
  await expect(page).toHaveURL(/overlay=usage/);
  await drawn(page);
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-overlay', 'usage');
  await expect(page.getByTestId('diagram-legend')).toContainText('Statements that use a table');
  await open(page, address('?overlay=findings&table=logistics.carrier_rate_import'));
  await drawn(page);
  await expect(page.getByTestId('diagram-mark')).toBeVisible();
  await page.getByTestId('diagram-legend-hide').click();
  await expect(page).not.toHaveURL(/overlay/);
  await drawn(page);
  await expect(page.getByTestId('diagram-legend')).toBeHidden();
});

test('an overlay that there is not is said, and the diagram drawn', async ({ page }) => {
  await open(page, address('?overlay=stars&level=most'));
  await drawn(page);
  await expect(page.getByTestId('diagram-note')).toHaveCount(2);
});

test('the best ways between two tables are found, shown and written as SQL', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.getByTestId('diagram-path').click();
  await page.getByTestId('diagram-path-input').fill('sales.order_lines, sales.countries');
  await page.getByTestId('diagram-path-input').press('Enter');
  await expect(page).toHaveURL(/path=/);
  await drawn(page);
  const ways = page.getByTestId('diagram-way');
  await expect.poll(() => ways.count()).toBeGreaterThan(1);
  await expect(page.getByTestId('diagram-way-sql')).toContainText('SELECT ol.*');
  const second = await ways.nth(1).textContent();
  await ways.nth(1).click();
  await expect(page).toHaveURL(/way=2/);
  await drawn(page);
  await expect(ways.nth(1)).toHaveAttribute('aria-current', 'true');
  await expect(ways.nth(1)).toHaveText(second ?? '');
});
