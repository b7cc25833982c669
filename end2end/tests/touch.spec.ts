import type { Page } from '@playwright/test';
import { drawn, expect, open, prepared, test } from '../fixtures';

test.use({ hasTouch: true });

const address = (query: string) => `/databases/${prepared().sample}/diagram${query}`;
const canvas = 'canvas.diagram-canvas';

type Place = { x: number; y: number };

/** Fingers on the screen, each by its number; one that is missing goes up. */
type Fingers = (points: Record<number, Place>) => Promise<void>;

async function fingers(page: Page): Promise<Fingers> {
  const browser = await page.context().newCDPSession(page);
  let down = new Map<number, Place>();
  const send = async (type: string, points: Map<number, Place>) => {
    const touchPoints = [...points].map(([id, at]) => ({ id, x: Math.round(at.x), y: Math.round(at.y) }));
    await browser.send('Input.dispatchTouchEvent', { type: type as 'touchStart', touchPoints });
  };
  return async (points) => {
    const now = new Map(Object.entries(points).map(([id, at]) => [Number(id), at]));
    const gone = [...down].filter(([id]) => !now.has(id));
    const come = [...now.keys()].some((id) => !down.has(id));
    if (gone.length > 0) await send('touchEnd', new Map(gone));
    if (now.size > 0) await send(come ? 'touchStart' : 'touchMove', now);
    down = now;
  };
}

const on = (at: Place, x: number, y: number): Place => ({ x: at.x + x, y: at.y + y });

/** Where the first selected table stands, in world units. */
async function place(page: Page): Promise<Place> {
  const text = (await page.getByTestId('er-diagram').getAttribute('data-place')) ?? '';
  const [x, y] = text.split(',').map(Number);
  return { x: x!, y: y! };
}

const zoom = async (page: Page) => Number(await page.getByTestId('er-diagram').getAttribute('data-zoom'));

/** The point in the middle of the screen, once the picture rests. */
const middle = (page: Page) => new URL(page.url()).searchParams.get('at');

/** A diagram of a table and its neighbours with that table selected, and where a finger takes hold of it. */
async function begin(page: Page, name = 'sales.orders'): Promise<Place> {
  await open(page, address('?show=sales.orders%2B1'));
  await drawn(page);
  await page.getByTestId('diagram-filter').fill(name);
  await page.getByTestId('diagram-outline').getByRole('treeitem', { name: new RegExp(`^${name.replace('.', '\\.')}\\b`) }).first().click();
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-selected', '1');
  await expect.poll(() => new URL(page.url()).searchParams.get('table')).toBe(name);
  const [x, y, scale] = middle(page)!.split(',').map(Number);
  const box = (await page.locator(canvas).boundingBox())!;
  const world = await place(page);
  return {
    x: box.x + box.width / 2 + (world.x - x!) * scale! + 30,
    y: box.y + box.height / 2 + (world.y - y!) * scale! + 8,
  };
}

/** Rests with a finger on a table until it is taken hold of. */
async function rest(page: Page, touch: Fingers, at: Place): Promise<void> {
  await touch({ 1: at });
  await expect(page.locator(canvas)).toHaveClass(/is-panning/);
}

test('one finger moves the picture and leaves the table where it is', async ({ page }) => {
  const grip = await begin(page);
  const [before, at] = [middle(page), await place(page)];
  const touch = await fingers(page);
  await touch({ 1: grip });
  await touch({ 1: on(grip, 20, 10) });
  await touch({ 1: on(grip, 90, 60) });
  await touch({});
  await expect.poll(() => middle(page)).not.toBe(before);
  expect(await place(page)).toEqual(at);
  await expect(page.getByTestId('arrange-undo')).toBeDisabled();
});

test('two fingers zoom, and the one that is left goes on moving the picture', async ({ page }) => {
  const grip = await begin(page);
  const before = await zoom(page);
  const touch = await fingers(page);
  await touch({ 1: on(grip, -40, 0) });
  await touch({ 1: on(grip, -40, 0), 2: on(grip, 40, 0) });
  await touch({ 1: on(grip, -80, 0), 2: on(grip, 80, 0) });
  await expect.poll(() => zoom(page)).toBeGreaterThan(before * 1.5);
  await expect.poll(() => zoom(page)).toBeLessThan(before * 2.5);
  await touch({ 1: on(grip, -80, 0) });
  const closer = await zoom(page);
  await expect.poll(async () => Number(middle(page)!.split(',')[2])).toBeCloseTo(closer, 2);
  const here = middle(page);
  await touch({ 1: on(grip, -80, 90) });
  await touch({});
  await expect.poll(() => middle(page)).not.toBe(here);
  expect(await zoom(page)).toBe(closer);
});

test('a finger that rests on a table drags it', async ({ page }) => {
  const grip = await begin(page);
  const before = await place(page);
  const touch = await fingers(page);
  await rest(page, touch, grip);
  await touch({ 1: on(grip, 40, 30) });
  await touch({ 1: on(grip, 120, 90) });
  await touch({});
  await expect(page.getByTestId('arrange-undo')).toBeEnabled();
  const after = await place(page);
  expect(after.x).toBeGreaterThan(before.x + 40);
  expect(after.y).toBeGreaterThan(before.y + 30);
  await page.getByTestId('arrange-undo').click();
  await expect.poll(() => place(page)).toEqual(before);
});

test('a second finger does not take over what the first one drags', async ({ page }) => {
  const grip = await begin(page);
  const before = await place(page);
  const touch = await fingers(page);
  await rest(page, touch, grip);
  const held = on(grip, 80, 40);
  await touch({ 1: on(grip, 40, 20) });
  await touch({ 1: held });
  await expect.poll(async () => (await place(page)).x).toBeGreaterThan(before.x + 30);
  const there = await place(page);
  // It comes, moves and goes again.
  await touch({ 1: held, 2: on(grip, -60, 160) });
  await touch({ 1: held, 2: on(grip, -90, 220) });
  await touch({ 1: held });
  expect(await place(page)).toEqual(there);
  await expect(page.getByTestId('arrange-undo')).toBeDisabled();
  // The first one goes on with the table, and puts it down.
  await touch({ 1: on(grip, 160, 120) });
  await expect.poll(async () => (await place(page)).y).toBeGreaterThan(there.y + 30);
  await touch({});
  await expect(page.getByTestId('arrange-undo')).toBeEnabled();
  await page.getByTestId('arrange-undo').click();
  await expect.poll(() => place(page)).toEqual(before);
  await expect(page.getByTestId('arrange-undo')).toBeDisabled();
});

test('a finger whose going up nobody heard does not stay on the picture', async ({ page }) => {
  const grip = await begin(page);
  const before = await zoom(page);
  const touch = await fingers(page);
  // Who takes the capture away hears of the end alone.
  await page.locator(canvas).evaluate((one) => {
    one.addEventListener('pointermove', (event) => one.releasePointerCapture((event as PointerEvent).pointerId), { once: true });
    one.addEventListener('pointerup', (event) => event.stopImmediatePropagation(), { once: true, capture: true });
  });
  await touch({ 1: grip });
  await touch({ 1: on(grip, 30, 30) });
  await touch({ 1: on(grip, 40, 40) });
  await touch({});
  const here = middle(page);
  await touch({ 1: grip });
  await touch({ 1: on(grip, 60, 0) });
  await touch({ 1: on(grip, 120, 0) });
  await touch({});
  await expect.poll(() => middle(page)).not.toBe(here);
  expect(await zoom(page)).toBe(before);
});

test('what was typed on a memo is kept when a finger goes on to something else', async ({ page }) => {
  const grip = await begin(page);
  await page.getByTestId('arrange-memo').click();
  await expect(page).toHaveURL(/view=vw_[a-z0-9]{10}/);
  await page.getByTestId('arrange-text').fill('Ebbandflow');
  await page.touchscreen.tap(grip.x, grip.y);
  await expect(page.getByTestId('arrange-text')).toBeHidden();
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-selected', '1');
  const view = new URL(page.url()).searchParams.get('view');
  const picture = `/api/databases/${prepared().sample}/diagram.svg?view=${view}`;
  await expect.poll(async () => (await page.request.get(picture)).text()).toContain('Ebbandflow');
});

test('what is typed on an area is kept before the field is left', async ({ page }) => {
  await begin(page);
  await page.getByTestId('arrange-area').click();
  await expect(page).toHaveURL(/view=vw_[a-z0-9]{10}/);
  await page.getByTestId('arrange-title').fill('Springtide');
  await expect(page.getByTestId('arrange-title')).toBeFocused();
  const view = new URL(page.url()).searchParams.get('view');
  const picture = `/api/databases/${prepared().sample}/diagram.svg?view=${view}`;
  await expect.poll(async () => (await page.request.get(picture)).text()).toContain('Springtide');
  await expect(page.getByTestId('arrange-title')).toBeFocused();
});

test('a tap on a link names its columns', async ({ page }) => {
  await begin(page);
  await page.locator(canvas).focus();
  await page.keyboard.press(']');
  const tip = page.getByTestId('diagram-tip');
  await expect(tip).toBeVisible();
  const named = await tip.textContent();
  // The tip stands beside the point where the link is named, towards the middle.
  const at = await tip.evaluate((one: HTMLElement) => {
    const pane = one.parentElement!.getBoundingClientRect();
    const [left, top, right, bottom] = [one.style.left, one.style.top, one.style.right, one.style.bottom].map(Number.parseFloat);
    const away = 14;
    return {
      x: Number.isNaN(left!) ? pane.right - right! + away : pane.left + left! - away,
      y: Number.isNaN(top!) ? pane.bottom - bottom! + away : pane.top + top! - away,
    };
  });
  await page.keyboard.press('Escape');
  await expect(tip).toBeHidden();
  await page.touchscreen.tap(at.x, at.y);
  await expect(tip).toBeVisible();
  expect(await tip.textContent()).toBe(named);
  // Elsewhere it is let go of again.
  const touch = await fingers(page);
  await touch({ 1: at });
  await touch({ 1: on(at, 30, 20) });
  await touch({});
  await expect(tip).toBeHidden();
});
