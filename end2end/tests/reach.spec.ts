// What stays in reach: the selection and the viewport from page to page, the keyboard, the picture itself.
import type { Page } from '@playwright/test';
import { drawn, expect, open, prepared, test, unique } from '../fixtures';

const sample = (query: string) => `/databases/${prepared().sample}/diagram${query}`;
const canvas = 'canvas.diagram-canvas';
const diagram = (page: Page) => page.getByTestId('er-diagram');
const parameter = (page: Page, name: string) => new URL(page.url()).searchParams.get(name);

async function database(page: Page, sql: string): Promise<string> {
  const made = await page.request.post('/api/databases/from-text', { data: { name: `Reach ${unique()}`, sql_content: sql } });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

const row = (page: Page, name: string) =>
  page.getByTestId('diagram-outline').getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}\\b`) }).first();

/** Selects a table by the list beside the picture; the address knows it then. */
async function take(page: Page, name: string): Promise<void> {
  await page.getByTestId('diagram-filter').fill(name);
  await row(page, name).click();
  await expect(diagram(page)).toHaveAttribute('data-selected', '1');
  await expect.poll(() => parameter(page, 'table')).toBe(name);
}

/** How far the first selected table's corner is from the upper left of the canvas, in pixels. */
async function corner(page: Page): Promise<{ x: number; y: number }> {
  const [x, y, zoom] = parameter(page, 'at')!.split(',').map(Number);
  const world = ((await diagram(page).getAttribute('data-place')) ?? '').split(',').map(Number);
  const box = (await page.locator(canvas).boundingBox())!;
  return { x: box.width / 2 + (world[0]! - x!) * zoom!, y: box.height / 2 + (world[1]! - y!) * zoom! };
}

test('who expands a table keeps it selected and sees the same part of the picture', async ({ page }) => {
  await open(page, sample('?show=sales.orders'));
  await drawn(page);
  await take(page, 'sales.orders');
  await page.getByTestId('zoom-out').click();
  const zoom = Number(await diagram(page).getAttribute('data-zoom'));
  await expect.poll(() => Number(parameter(page, 'at')!.split(',')[2])).toBeCloseTo(zoom, 2);
  const at = parameter(page, 'at');
  await page.getByTestId('diagram-expand').click();
  await expect(page).toHaveURL(/orders(%2B|\+)1/);
  await drawn(page);
  await expect(diagram(page)).not.toHaveAttribute('data-tables', '1');
  await expect(page.getByTestId('diagram-selected')).toHaveText('orders');
  await expect(diagram(page)).toHaveAttribute('data-selected', '1');
  expect(parameter(page, 'table')).toBe('sales.orders');
  expect(parameter(page, 'at')).toBe(at);
});

test('who focuses on a table keeps it selected', async ({ page }) => {
  await open(page, sample('?show=sales.*&table=sales.orders'));
  await drawn(page);
  await page.getByTestId('diagram-reach').getByRole('link', { name: '2: orders with neighbours' }).click();
  await expect(page).toHaveURL(/orders(%2B|\+)2/);
  await drawn(page);
  await expect(page.getByTestId('diagram-selected')).toHaveText('orders');
  await expect(diagram(page)).toHaveAttribute('data-selected', '1');
});

test('the row of a table that is selected already brings it back into sight', async ({ page }) => {
  await open(page, sample('?show=sales.orders%2B1'));
  await drawn(page);
  await take(page, 'sales.orders');
  const box = (await page.locator(canvas).boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(box.width * 3, 0);
  await expect.poll(async () => (await corner(page)).x).toBeLessThan(-box.width);
  await row(page, 'sales.orders').click();
  await expect.poll(async () => (await corner(page)).x).toBeGreaterThan(0);
  expect((await corner(page)).x).toBeLessThan(box.width);
});

test('a table that is higher than the screen comes into sight by its name', async ({ page }) => {
  const columns = Array.from({ length: 300 }, (_, place) => `c${place} int`).join(', ');
  const id = await database(page, `CREATE TABLE wide (id int primary key, ${columns}); CREATE TABLE other (id int primary key);`);
  await open(page, `/databases/${id}/diagram?level=all`);
  await drawn(page);
  await page.getByTestId('diagram-outline').getByRole('treeitem').filter({ hasText: 'wide' }).first().click();
  await expect.poll(() => parameter(page, 'table')).toContain('wide');
  const at = await corner(page);
  const box = (await page.locator(canvas).boundingBox())!;
  expect(at.y).toBeGreaterThan(0);
  expect(at.y).toBeLessThan(box.height / 2);
  // Of its columns the first are told beside the picture, all of them when asked for.
  const told = page.locator('.drawer-column');
  await expect(told).toHaveCount(200);
  await page.getByTestId('drawer-all').click();
  await expect(told).toHaveCount(301);
  await expect(page.getByTestId('drawer-all')).toBeHidden();
  await expect(page.locator('.drawer-selected .drawer-list').first()).toBeFocused();
});

test('buttons that go away give the keyboard to the picture', async ({ page }) => {
  await open(page, sample('?show=sales.orders%2B1'));
  await drawn(page);
  await take(page, 'sales.orders');
  await page.getByTestId('arrange-hide').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('arrange-hide')).toBeHidden();
  await expect(page.locator(canvas)).toBeFocused();
  await page.getByTestId('arrange-show-hidden').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('arrange-show-hidden')).toBeHidden();
  await expect(page.locator(canvas)).toBeFocused();
  await page.getByTestId('arrange-memo').click();
  await page.getByTestId('arrange-remove').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('arrange-remove')).toBeHidden();
  await expect(page.locator(canvas)).toBeFocused();
  // So does one that can do no more.
  await page.getByTestId('arrange-undo').focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('arrange-undo')).toBeFocused();
  for (let left = 3; left > 0; left -= 1) await page.keyboard.press('Enter');
  await expect(page.getByTestId('arrange-undo')).toBeDisabled();
  await expect(page.locator(canvas)).toBeFocused();
});

test('the panel of a table keeps the keyboard when it goes on to another, and gives it back', async ({ page }) => {
  await open(page, sample('?show=sales.orders%2B1&table=sales.orders'));
  await drawn(page);
  const panel = page.getByRole('region', { name: 'Selected table' });
  await panel.getByRole('button', { name: '→' }).first().focus();
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('diagram-selected')).not.toHaveText('orders');
  await expect(panel).toBeFocused();
  await panel.getByRole('button', { name: 'Let go of it' }).focus();
  await page.keyboard.press('Enter');
  await expect(panel).toHaveCount(0);
  await expect(page.locator(canvas)).toBeFocused();
});

test('a diagram that starts where it has no size is fitted when it gets one', async ({ page }) => {
  await open(page, sample('?show=sales.*'));
  await drawn(page);
  const zoom = Number(await diagram(page).getAttribute('data-zoom'));
  expect(zoom).toBeGreaterThan(0.05);
  await page.addInitScript(() => {
    new MutationObserver((_, observer) => {
      const one = document.querySelector<HTMLElement>('canvas.diagram-canvas');
      if (one) {
        one.style.display = 'none';
        observer.disconnect();
      }
    }).observe(document, { childList: true, subtree: true });
  });
  await open(page, sample('?show=sales.*'));
  await drawn(page);
  await expect(page.locator(canvas)).toBeHidden();
  await page.locator(canvas).evaluate((one: HTMLElement) => {
    one.style.display = '';
  });
  await page.setViewportSize({ width: 1399, height: 900 });
  await expect.poll(async () => Number(await diagram(page).getAttribute('data-zoom')) / zoom).toBeCloseTo(1, 1);
});

test('another density of pixels makes another picture of the same size', async ({ page }) => {
  // Chromium tells no page of a density that is emulated: the question for it is answered here.
  await page.addInitScript(() => {
    const ask = window.matchMedia.bind(window);
    let question = new EventTarget();
    window.matchMedia = (query) => {
      if (!query.includes('resolution')) return ask(query);
      question = new EventTarget();
      return question as MediaQueryList;
    };
    Object.assign(window, {
      moveToScreen: (value: number) => {
        Object.defineProperty(window, 'devicePixelRatio', { value, configurable: true });
        question.dispatchEvent(new Event('change'));
      },
    });
  });
  await open(page, sample('?show=sales.orders'));
  await drawn(page);
  const pixels = () => page.locator(canvas).evaluate((one: HTMLCanvasElement) => one.width / one.clientWidth);
  await expect.poll(pixels).toBe(1);
  for (const density of [2, 3, 1]) {
    await page.evaluate((value) => (window as unknown as { moveToScreen(value: number): void }).moveToScreen(value), density);
    await expect.poll(pixels).toBe(density);
  }
});

test('a large diagram is painted where the browser has no room for pictures aside', async ({ page }) => {
  test.slow();
  const sql = Array.from({ length: 700 }, (_, place) => `CREATE TABLE t${place} (id int primary key);`).join('\n');
  const id = await database(page, sql);
  await page.addInitScript(() => {
    OffscreenCanvas.prototype.getContext = () => null;
  });
  await open(page, `/databases/${id}/diagram?show=*`);
  await drawn(page);
  await expect(diagram(page)).toHaveAttribute('data-tables', '700');
  // What is blank has one colour.
  const colours = () =>
    page.locator(canvas).evaluate((one: HTMLCanvasElement) => {
      const { data } = one.getContext('2d')!.getImageData(0, 0, one.width, one.height);
      return new Set(new Uint32Array(data.buffer)).size;
    });
  await expect.poll(colours).toBeGreaterThan(1);
});

test('areas and memos are reached by keyboard, and written on', async ({ page }) => {
  await open(page, sample('?show=sales.orders%2B1'));
  await drawn(page);
  await take(page, 'sales.orders');
  await page.getByTestId('arrange-area').click();
  await expect(page.getByTestId('arrange-title')).toBeVisible();
  await page.getByTestId('arrange-memo').click();
  await page.getByTestId('arrange-text').fill('Harbour');
  await page.locator(canvas).focus();
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('arrange-text')).toBeHidden();
  // In the list they stand after the tables.
  await page.getByTestId('diagram-filter').fill('');
  const tree = page.getByTestId('diagram-outline');
  await tree.focus();
  await page.keyboard.press('End');
  await expect(tree.getByRole('treeitem', { name: 'Memo, Harbour' })).toHaveClass(/is-active/);
  await expect(page.getByTestId('arrange-text')).toHaveValue('Harbour');
  await page.keyboard.press('ArrowUp');
  await expect(tree.getByRole('treeitem', { name: 'Area, Area' })).toHaveClass(/is-active/);
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('arrange-title')).toBeFocused();
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Ports');
  await expect(tree.getByRole('treeitem', { name: 'Area, Ports' })).toBeVisible();
  // What is looked for is found among them too.
  await page.getByTestId('diagram-filter').fill('harb');
  await expect(tree.getByRole('treeitem')).toHaveCount(1);
});
