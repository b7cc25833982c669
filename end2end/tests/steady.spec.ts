// What somebody looks at stays before them: lists, windows, messages, other words over the picture.
import type { Page } from '@playwright/test';
import { drawn, expect, open, prepared, test, unique } from '../fixtures';

const sample = (rest = '') => `/databases/${prepared().sample}/diagram${rest}`;
const diagram = (page: Page) => page.getByTestId('er-diagram');
const list = (page: Page) => page.getByTestId('diagram-outline');
const top = (page: Page) => list(page).evaluate((it) => it.scrollTop);

/** Turns the wheel over the list until it has moved. */
async function scroll(page: Page): Promise<void> {
  await list(page).hover();
  await expect(async () => {
    await page.mouse.wheel(0, 300);
    expect(await top(page)).toBeGreaterThan(200);
  }).toPass();
}

test('the list of tables is scrolled away from the selected one, and what is clicked there is selected', async ({ page }) => {
  await open(page, sample('?show=*&table=catalog.brands'));
  await drawn(page);
  await expect(diagram(page)).toHaveAttribute('data-selected', '1');
  await scroll(page);
  // The frames in which it would jump back.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await top(page)).toBeGreaterThan(200);

  await open(page, sample('?show=*'));
  await drawn(page);
  await scroll(page);
  const box = await list(page).boundingBox();
  if (!box) throw new Error('no list');
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  const name = await page.evaluate(
    ({ x, y }) => document.elementFromPoint(x, y)?.closest('[role="treeitem"]')?.getAttribute('title') ?? '', at);
  expect(name).not.toBe('');
  await page.mouse.click(at.x, at.y);
  await expect(page.getByTestId('diagram-selected')).toHaveText(name.split('.').pop() ?? '');
});

test('a name with a percent sign is what it is in the address', async ({ page }) => {
  const made = await page.request.post('/api/databases/from-text', {
    data: {
      name: `Percent ${unique()}`,
      sql_content: 'CREATE TABLE "odd %20 one"."a%41" (id int primary key); CREATE TABLE plain (id int primary key);',
    },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const show = encodeURIComponent('"odd %20 one".*');
  const table = encodeURIComponent('odd %20 one.a%41');
  await open(page, `/databases/${id}/diagram?show=${show}&table=${table}`);
  await drawn(page);
  await expect(diagram(page)).toHaveAttribute('data-tables', '1');
  await expect(page.getByTestId('diagram-show')).toHaveValue('"odd %20 one".*');
  await expect(page.getByTestId('diagram-selected')).toHaveText('a%41');
  // Sent by its form, and by a link, it stays so.
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  await drawn(page);
  await expect(diagram(page)).toHaveAttribute('data-tables', '1');
  await page.getByTestId('diagram-overlay').click();
  await page.getByRole('menuitem', { name: 'Findings' }).click();
  await expect(diagram(page)).toHaveAttribute('data-overlay', 'findings');
  await expect(diagram(page)).toHaveAttribute('data-tables', '1');
});

test('what is said over the picture changes, and one looks at the same', async ({ page }) => {
  await open(page, sample('?show=sales.*&table=sales.orders'));
  await drawn(page);
  await page.getByTestId('zoom-in').click();
  await page.getByTestId('zoom-in').click();
  await expect(page).toHaveURL(/at=/);
  const zoom = await diagram(page).getAttribute('data-zoom');
  const center = await diagram(page).getAttribute('data-center');
  await page.getByTestId('diagram-overlay').click();
  await page.getByRole('menuitem', { name: 'Findings' }).click();
  await expect(diagram(page)).toHaveAttribute('data-overlay', 'findings');
  await drawn(page);
  await expect(diagram(page)).toHaveAttribute('data-selected', '1');
  expect(Number(await diagram(page).getAttribute('data-zoom'))).toBeCloseTo(Number(zoom), 1);
  await expect(diagram(page)).toHaveAttribute('data-center', center ?? '');
  await page.getByTestId('diagram-level').click();
  await page.getByRole('menuitem', { name: 'Keys' }).click();
  await expect(page).toHaveURL(/level=keys/);
  await expect(page.getByTestId('diagram-selected')).toHaveText('orders');
});

test('in a window of another size the whole stays the whole, and a middle the middle', async ({ page }) => {
  await page.setViewportSize({ width: 1400, height: 900 });
  await open(page, sample('?show=sales.*'));
  await drawn(page);
  const zoom = async () => Number(await diagram(page).getAttribute('data-zoom'));
  const whole = await zoom();
  await page.setViewportSize({ width: 1000, height: 600 });
  await expect.poll(zoom).toBeLessThan(whole);
  await page.setViewportSize({ width: 1400, height: 900 });
  await expect.poll(zoom).toBe(whole);
  await page.getByTestId('zoom-in').click();
  await expect.poll(zoom).toBeGreaterThan(whole);
  const near = await zoom();
  const center = await diagram(page).getAttribute('data-center');
  await page.setViewportSize({ width: 1100, height: 700 });
  await expect.poll(() => page.locator('canvas.diagram-canvas').evaluate((it) => it.clientWidth)).toBeLessThan(900);
  await expect(diagram(page)).toHaveAttribute('data-center', center ?? '');
  expect(await zoom()).toBe(near);
});

test('a message above the diagram leaves the zoom bar in the window', async ({ page }) => {
  const made = await page.request.post('/api/databases/from-text', {
    data: { name: `Steady ${unique()}`, sql_content: 'CREATE TABLE a (id int primary key);' },
  });
  const { id } = (await made.json()) as { id: string };
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  const save = async (name: string) => {
    await page.getByTestId('diagram-views').click();
    await page.getByTestId('views-save').click();
    await page.getByTestId('views-save-name').fill(name);
    await page.getByTestId('views-save-name').press('Enter');
  };
  await save('Taken');
  await expect(page.getByTestId('flash')).toBeVisible();
  await drawn(page);
  await expect(page.getByTestId('zoom-fit')).toBeInViewport({ ratio: 1 });
  // A name that is taken: what was entered stands below the button that opens it.
  await save('Taken');
  await expect(page.locator('#view-name-error')).toContainText('already');
  await expect(page.getByTestId('views-save-name')).toHaveValue('Taken');
  const [panel, button] = [page.locator('#diagram-views'), page.locator('[popovertarget="diagram-views"]')];
  await expect(panel).toBeVisible();
  const [below, above] = [await panel.boundingBox(), await button.boundingBox()];
  expect(below?.y).toBeGreaterThanOrEqual((above?.y ?? 0) + (above?.height ?? 0) - 1);
});

test('twice as large a text has lines of twice the height', async ({ page }) => {
  await open(page, sample('?show=sales.*&table=sales.orders'));
  await drawn(page);
  await page.evaluate(() => document.documentElement.style.setProperty('font-size', '200%'));
  const low = await page.locator('.drawer, .diagram-toolbar, .topbar').evaluateAll((parts) =>
    parts
      .flatMap((part) => [...part.querySelectorAll<HTMLElement>('*')])
      .filter((it) => [...it.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()))
      .filter((it) => {
        const style = getComputedStyle(it);
        return parseFloat(style.lineHeight) < 0.99 * parseFloat(style.fontSize);
      })
      .map((it) => `${it.className}: ${it.textContent}`));
  expect(low).toEqual([]);
});
