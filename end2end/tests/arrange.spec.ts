import type { Page } from '@playwright/test';
import { drawn, expect, open, prepared, test } from '../fixtures';

const address = (query: string) => `/databases/${prepared().sample}/diagram${query}`;

type Place = { x: number; y: number };

/** Where the first selected table stands, in world units. */
async function place(page: Page): Promise<Place> {
  const text = (await page.getByTestId('er-diagram').getAttribute('data-place')) ?? '';
  const [x, y] = text.split(',').map(Number);
  return { x: x!, y: y! };
}

/** Waits until the first selected table stands there. */
const stands = (page: Page, at: Place) => expect.poll(() => place(page)).toEqual(at);

/** Waits until so many tables are selected. */
const selected = (page: Page, count: number) =>
  expect(page.getByTestId('er-diagram')).toHaveAttribute('data-selected', String(count));

/** Selects a table by the list beside the picture, and says where the upper left of its box is on the screen. */
async function take(page: Page, name: string): Promise<Place> {
  await page.getByTestId('diagram-filter').fill(name);
  await page.getByTestId('diagram-outline').getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}\\b`) }).first().click();
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-selected', '1');
  // The address says what is in the middle of the screen, once the picture rests.
  await expect.poll(() => new URL(page.url()).searchParams.get('table')).toBe(name);
  return onScreen(page);
}

async function onScreen(page: Page): Promise<Place> {
  const [x, y, zoom] = new URL(page.url()).searchParams.get('at')!.split(',').map(Number);
  const box = (await page.locator('canvas.diagram-canvas').boundingBox())!;
  const world = await place(page);
  return {
    x: box.x + box.width / 2 + (world.x - x!) * zoom!,
    y: box.y + box.height / 2 + (world.y - y!) * zoom!,
  };
}

async function drag(page: Page, from: Place, by: Place): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + by.x / 2, from.y + by.y / 2, { steps: 3 });
  await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 3 });
}

/** Draws a frame round all that is seen. */
async function frame(page: Page): Promise<void> {
  const box = (await page.locator('canvas.diagram-canvas').boundingBox())!;
  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 4, box.y + box.height - 4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 4, box.y + 4, { steps: 4 });
  await page.mouse.up();
  await page.keyboard.up('Shift');
}

/** How many tables the picture has. */
async function all(page: Page): Promise<number> {
  const count = Number(await page.getByTestId('er-diagram').getAttribute('data-tables'));
  expect(count).toBeGreaterThan(2);
  return count;
}

/** A diagram of a table and its neighbours, with one of them in hand. */
async function begin(page: Page): Promise<Place> {
  await open(page, address('?show=sales.orders%2B1'));
  await drawn(page);
  const corner = await take(page, 'sales.orders');
  return { x: corner.x + 20, y: corner.y + 8 };
}

test('a drag moves a table, and what was done is taken back and done again', async ({ page }) => {
  const grip = await begin(page);
  const before = await place(page);
  await drag(page, grip, { x: 120, y: 90 });
  await page.mouse.up();
  await expect(page.getByTestId('arrange-undo')).toBeEnabled();
  const after = await place(page);
  expect(after.x).toBeGreaterThan(before.x + 40);
  expect(after.y).toBeGreaterThan(before.y + 30);
  await page.getByTestId('arrange-undo').click();
  await stands(page, before);
  await page.getByTestId('arrange-redo').click();
  await stands(page, after);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Control+z');
  await stands(page, before);
  await page.keyboard.press('Control+Shift+z');
  await stands(page, after);
});

test('Escape calls a drag off', async ({ page }) => {
  const grip = await begin(page);
  const before = await place(page);
  await drag(page, grip, { x: 150, y: 40 });
  await expect.poll(() => place(page)).not.toEqual(before);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Escape');
  await stands(page, before);
  await page.mouse.move(grip.x, grip.y + 60);
  await page.mouse.up();
  await stands(page, before);
  await expect(page.getByTestId('arrange-undo')).toBeDisabled();
});

test('keys move what is selected by steps of the grid', async ({ page }) => {
  await begin(page);
  const before = await place(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+Shift+ArrowDown');
  await stands(page, { x: before.x + 8, y: before.y + 40 });
  // The page is still the same: Alt with an arrow would leave it.
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-selected', '1');
});

test('a frame selects, the selection moves together, and tools line it up', async ({ page }) => {
  await open(page, address('?show=sales.orders%2B1'));
  await drawn(page);
  await frame(page);
  await selected(page, await all(page));
  await page.getByTestId('arrange-align').click();
  await page.getByTestId('arrange-item').filter({ hasText: 'Tops' }).click();
  const first = await place(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Escape');
  await selected(page, 0);
  await take(page, 'sales.orders');
  await expect.poll(async () => (await place(page)).y).toBe(first.y);
});

test('a frame selects from afar too', async ({ page }) => {
  await open(page, address('?show=sales.orders%2B1'));
  await drawn(page);
  const canvas = page.locator('canvas.diagram-canvas');
  await canvas.focus();
  for (let times = 0; times < 14; times += 1) await page.keyboard.press('-');
  await expect.poll(async () => Number(await page.getByTestId('er-diagram').getAttribute('data-zoom'))).toBeLessThan(0.11);
  await frame(page);
  await selected(page, await all(page));
});

test('a table is hidden and shown again', async ({ page }) => {
  await begin(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('h');
  await selected(page, 0);
  await page.getByTestId('arrange-show-hidden').click();
  await expect(page.getByTestId('arrange-show-hidden')).toBeHidden();
});

test('an area gets a title and a colour, a memo a text', async ({ page }) => {
  await begin(page);
  await page.getByTestId('arrange-area').click();
  await page.getByTestId('arrange-title').fill('Money');
  await page.getByTestId('arrange-title').press('Enter');
  await page.getByTestId('arrange-colour').click();
  await page.getByTestId('arrange-colour-item').filter({ hasText: 'Green' }).click();
  await expect(page.getByTestId('arrange-title')).toHaveValue('Money');
  await page.getByTestId('arrange-memo').click();
  await page.getByTestId('arrange-text').fill('**Mind** the gap');
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Delete');
  await expect(page.getByTestId('arrange-text')).toBeHidden();
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await expect(page.getByTestId('arrange-redo')).toBeEnabled();
});

test('the middle button and the space bar move the picture, not the table', async ({ page }) => {
  const grip = await begin(page);
  const before = await place(page);
  await page.mouse.move(grip.x, grip.y);
  await page.mouse.down({ button: 'middle' });
  await page.mouse.move(grip.x + 80, grip.y + 30, { steps: 4 });
  await page.mouse.up({ button: 'middle' });
  await stands(page, before);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.down(' ');
  await drag(page, { x: grip.x + 80, y: grip.y + 30 }, { x: -80, y: -30 });
  await page.mouse.up();
  await page.keyboard.up(' ');
  await stands(page, before);
  // Both moved it, there and back.
  await expect.poll(async () => (await onScreen(page)).x).toBeCloseTo(grip.x - 20, -1);
});
