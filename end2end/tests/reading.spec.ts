// Reading a large picture: finding in it, the small map, the way back, the zoom to what is selected.
import type { Page } from '@playwright/test';
import { axe, drawn, expect, fits, open, prepared, test } from '../fixtures';

const address = (query = '') => `/databases/${prepared().sample}/diagram${query}`;
const diagram = (page: Page) => page.getByTestId('er-diagram');
const said = (page: Page) => page.getByTestId('diagram-said');
const selected = (page: Page) => page.getByTestId('diagram-selected');
const finder = (page: Page) => page.getByTestId('find-input');
const map = (page: Page) => page.getByTestId('diagram-minimap');

/** The world point in the middle of the window, once the picture rests. */
async function center(page: Page): Promise<[number, number]> {
  await expect(diagram(page)).toHaveAttribute('data-center', /,/);
  const [x, y] = (await diagram(page).getAttribute('data-center'))!.split(',').map(Number);
  return [x!, y!];
}

const zoomed = (page: Page) => diagram(page).getAttribute('data-zoom');
const zoom = async (page: Page) => Number(await zoomed(page));

/** The diagram with the keyboard on its canvas. */
async function onCanvas(page: Page, query = '') {
  await open(page, address(query));
  await drawn(page);
  await page.locator('canvas.diagram-canvas').focus();
}

/** Where the middle of a table stands, from the file of the same view. */
async function middleOf(page: Page, table: string, query = ''): Promise<[number, number]> {
  const answer = await page.request.get(`/api/databases/${prepared().sample}/diagram.json${query}`);
  const { tables } = (await answer.json()) as {
    tables: { schema: string; name: string; x: number; y: number; width: number; height: number }[];
  };
  const found = tables.find(({ schema, name }) => `${schema}.${name}` === table)!;
  return [found.x + found.width / 2, found.y + found.height / 2];
}

test('slash finds tables and columns, and the picture goes to them', async ({ page }) => {
  await onCanvas(page);
  await page.keyboard.press('/');
  await expect(finder(page)).toBeFocused();
  await finder(page).fill('ORDERS');
  await expect(page.getByTestId('find-count')).toHaveText(/^\d+ found$/);
  await expect(said(page)).toContainText(/\d+ found/);
  // What is called so comes first.
  await expect(page.getByTestId('find-row').first()).toContainText('orders');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('find-count')).toHaveText(/^1 of \d+$/);
  await expect(diagram(page)).toHaveAttribute('data-found', 'sales.orders');
  await expect(selected(page)).toHaveText('orders');
  await expect(said(page)).toContainText('sales.orders is in view, 1 of');
  await expect.poll(() => zoom(page)).toBeGreaterThanOrEqual(0.6);
  await expect(page).toHaveURL(/table=sales\.orders/);
  const active = await finder(page).getAttribute('aria-activedescendant');
  await expect(page.locator(`#${active}`)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('diagram-find')).toBeHidden();
  await expect(page.locator('canvas.diagram-canvas')).toBeFocused();
});

test('a column is found by its name and by that of its table', async ({ page }) => {
  await onCanvas(page);
  await page.keyboard.press('Control+f');
  await finder(page).fill('orders.customer_id');
  await page.keyboard.press('ArrowDown');
  await expect(diagram(page)).toHaveAttribute('data-found', /^sales\.orders\.customer_id$/);
  await expect(selected(page)).toHaveText('orders');
});

test('Enter, Shift Enter, arrows and buttons go round what is found', async ({ page }) => {
  await onCanvas(page);
  await page.getByTestId('find-open').click();
  await finder(page).fill('customer');
  const count = page.getByTestId('find-count');
  await expect(count).toHaveText(/found/);
  const all = Number.parseInt((await count.textContent())!, 10);
  expect(all).toBeGreaterThan(2);
  await page.keyboard.press('Enter');
  await expect(count).toHaveText(`1 of ${all}`);
  await page.keyboard.press('ArrowDown');
  await expect(count).toHaveText(`2 of ${all}`);
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.press('ArrowUp');
  await expect(count).toHaveText(`${all} of ${all}`);
  await page.getByTestId('find-next').click();
  await expect(count).toHaveText(`1 of ${all}`);
  await page.getByTestId('find-row').nth(2).click();
  await expect(count).toHaveText(`3 of ${all}`);
});

test('what is found stands in the middle of the window', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await onCanvas(page, '?at=100000,100000,1');
  await page.keyboard.press('/');
  await finder(page).fill('sales.customers');
  await page.keyboard.press('Enter');
  await expect(diagram(page)).toHaveAttribute('data-found', 'sales.customers');
  const [x] = await middleOf(page, 'sales.customers');
  await expect.poll(async () => Math.abs((await center(page))[0] - x)).toBeLessThan(3);
});

test('what the picture does not show is offered from elsewhere', async ({ page }) => {
  await onCanvas(page, '?show=sales.orders');
  await page.keyboard.press('/');
  await finder(page).fill('shipment');
  await expect(page.getByTestId('find-none')).toContainText('Nothing in the picture is called so');
  await expect(page.getByTestId('find-search')).toHaveAttribute('href', '/search?q=shipment');
  await page.getByTestId('find-show').click();
  await expect(page).toHaveURL(/show=sales\.orders,\*shipment\*/);
  // Until the new picture is there, the page shows the one before.
  await expect.poll(async () => Number(await diagram(page).getAttribute('data-tables'))).toBeGreaterThan(1);
  await drawn(page);
});

test('what was left in the line is still there, and letters of the picture mean nothing in it', async ({ page }) => {
  await onCanvas(page);
  await page.keyboard.press('/');
  await finder(page).pressSequentially('mz0');
  await expect(finder(page)).toHaveValue('mz0');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await expect(finder(page)).toHaveValue('mz0');
  await page.getByTestId('find-close').click();
  await expect(page.locator('canvas.diagram-canvas')).toBeFocused();
});

test('beside the picture stands what is written of a table, and how it is used', async ({ page }) => {
  await open(page, address('?table=sales.orders'));
  await drawn(page);
  const about = page.getByTestId('diagram-about');
  await expect(about).toHaveAttribute('aria-busy', 'false');
  await expect(about.getByTestId('about-usage')).toContainText(/\d+ statements in the last 30 days by \d+ (people|person)/);
  await expect(about).toContainText('rows');
  expect(await axe(page)).toEqual([]);
});

test('the small map shows where one is, and leads elsewhere', async ({ page }) => {
  await onCanvas(page);
  // Everything is in the window.
  await expect(map(page)).toBeHidden();
  for (let press = 0; press < 8; press += 1) await page.keyboard.press('+');
  await expect(map(page)).toBeVisible();
  await expect(map(page)).toHaveAttribute('aria-hidden', 'true');
  const colours = await page.getByTestId('minimap-canvas').evaluate((canvas: HTMLCanvasElement) => {
    const data = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height).data;
    const seen = new Set<number>();
    for (let at = 3; at < data.length; at += 4) seen.add(data[at]!);
    return seen.size;
  });
  expect(colours).toBeGreaterThan(1);
  // The address follows once the picture rests.
  await expect.poll(async () => new URL(page.url()).searchParams.get('at')?.split(',').pop()).toBe(await zoomed(page));
  const before = await center(page);
  const frame = async () => (await page.getByTestId('minimap-window').boundingBox())!;
  let here = await frame();
  await expect
    .poll(async () => {
      const earlier = here;
      here = await frame();
      return here.x === earlier.x && here.width === earlier.width;
    })
    .toBe(true);
  const box = (await page.getByTestId('minimap-canvas').boundingBox())!;
  await page.mouse.move(box.x + 20, box.y + box.height / 2);
  await page.mouse.down();
  await expect.poll(async () => (await center(page))[0]).toBeLessThan(before[0]);
  await expect.poll(async () => (await frame()).x).toBeLessThan(here.x);
  await page.mouse.move(box.x + box.width - 20, box.y + box.height / 2, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await center(page))[0]).toBeGreaterThan(before[0]);
  await expect(page.locator('canvas.diagram-canvas')).toBeFocused();
  for (let press = 0; press < 8; press += 1) await page.keyboard.press('-');
  await page.keyboard.press('0');
  await expect(map(page)).toBeHidden();
});

test('the small map is folded away, and stays so', async ({ page }) => {
  await onCanvas(page, '?at=0,0,1');
  await expect(page.getByTestId('minimap-canvas')).toBeVisible();
  await page.getByTestId('minimap-fold').click();
  await expect(page.getByTestId('minimap-canvas')).toBeHidden();
  await page.reload();
  await drawn(page);
  await expect(page.getByTestId('minimap-fold')).toBeVisible();
  await expect(page.getByTestId('minimap-canvas')).toBeHidden();
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('m');
  await expect(page.getByTestId('minimap-canvas')).toBeVisible();
});

test('who is lost is led back', async ({ page }) => {
  await onCanvas(page, '?at=90000,90000,1');
  const notice = page.getByTestId('diagram-lost');
  await expect(notice).toContainText('Nothing is here');
  await expect(said(page)).toContainText('Nothing is here');
  await page.getByTestId('lost-nearest').click();
  await expect(selected(page)).toBeVisible();
  await expect(notice).toBeHidden();
  await expect(page.locator('canvas.diagram-canvas')).toBeFocused();
});

test('nothing is here any more when it has been moved away, and all of it comes back', async ({ page }) => {
  await onCanvas(page, '?show=sales.orders');
  const notice = page.getByTestId('diagram-lost');
  await expect(notice).toBeHidden();
  const box = (await page.locator('canvas.diagram-canvas').boundingBox())!;
  for (let turn = 0; turn < 4; turn += 1) {
    await page.mouse.move(box.x + box.width - 10, box.y + 200);
    await page.mouse.down({ button: 'middle' });
    await page.mouse.move(box.x + 10, box.y + 200, { steps: 3 });
    await page.mouse.up({ button: 'middle' });
  }
  await expect(notice).toBeVisible();
  await page.getByTestId('lost-all').click();
  await expect(notice).toBeHidden();
});

test('Z shows what is selected, or all', async ({ page }) => {
  await onCanvas(page, '?table=sales.orders&at=90000,90000,0.3');
  await page.keyboard.press('z');
  const [x] = await middleOf(page, 'sales.orders');
  await expect.poll(async () => Math.abs((await center(page))[0] - x)).toBeLessThan(3);
  const near = await zoom(page);
  await page.keyboard.press('Escape');
  await page.getByTestId('zoom-selection').click();
  await expect.poll(() => zoom(page)).toBeLessThan(near);
});

test('Z shows both ends of the link that has the focus', async ({ page }) => {
  await onCanvas(page, '?show=sales.orders%2B1&table=sales.orders&at=0,0,3');
  await page.keyboard.press(']');
  await expect(said(page)).toContainText('Link 1 of');
  await page.keyboard.press('z');
  await expect.poll(() => zoom(page)).toBeLessThan(3);
});

test('what is dragged to the edge takes the picture along, and Escape brings it back', async ({ page }) => {
  await onCanvas(page, '?show=sales.orders&table=sales.orders');
  const place = async () => Number((await diagram(page).getAttribute('data-place'))!.split(',')[0]);
  const before = await place();
  const box = (await page.locator('canvas.diagram-canvas').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 6, box.y + box.height / 2, { steps: 5 });
  // Farther than the window is wide. A frame counts for a twentieth of a second, however long it took.
  await expect.poll(place, { timeout: 40_000 }).toBeGreaterThan(before + box.width);
  await page.keyboard.press('Escape');
  await expect.poll(place).toBe(before);
  await page.mouse.up();
});

test('on a narrow screen there is the line and no map', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await onCanvas(page, '?at=0,0,1');
  await expect(map(page)).toBeHidden();
  await page.getByTestId('find-open').click();
  await finder(page).fill('order');
  await page.keyboard.press('Enter');
  await expect(page.getByTestId('find-count')).toHaveText(/^1 of/);
  await fits(page, 390);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing serious for axe with the line, the map and the notice in ${colorScheme}`, async ({ page }) => {
    // Axe looks at several large pages.
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const serious = async () => {
      const violations = await axe(page);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    };
    await onCanvas(page, '?at=0,0,1');
    await expect(map(page)).toBeVisible();
    await page.keyboard.press('/');
    await finder(page).fill('order');
    await page.keyboard.press('Enter');
    await expect(page.getByTestId('find-count')).toHaveText(/^1 of/);
    expect(await serious()).toEqual([]);
    await finder(page).fill('no such thing');
    await expect(page.getByTestId('find-none')).toBeVisible();
    expect(await serious()).toEqual([]);
    await open(page, address('?at=90000,90000,1'));
    await drawn(page);
    await expect(page.getByTestId('diagram-lost')).toBeVisible();
    expect(await serious()).toEqual([]);
  });
}
