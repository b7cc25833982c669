// The diagram without a mouse and without seeing the picture: tree, keys, announcements, tips.
import type { Page } from '@playwright/test';
import { axe, drawn, expect, open, prepared, test } from '../fixtures';

const address = (query = '') => `/databases/${prepared().sample}/diagram${query}`;
const tree = (page: Page) => page.getByTestId('diagram-outline');
const said = (page: Page) => page.getByTestId('diagram-said');
const selected = (page: Page) => page.getByTestId('diagram-selected');

/** The row that the focus of the tree means. */
async function active(page: Page) {
  await expect(tree(page)).toHaveAttribute('aria-activedescendant', /./);
  const id = await tree(page).getAttribute('aria-activedescendant');
  return page.locator(`[id="${id}"]`);
}

/** A viewport whose middle lies on a link between two tables, with the link's tables. */
async function onLink(page: Page): Promise<{ query: string; from: string; to: string }> {
  const show = 'sales.orders,sales.customers,sales.order_lines';
  const answer = await page.request.get(`/api/databases/${prepared().sample}/diagram.json?show=${show}`);
  const { links } = (await answer.json()) as {
    links: { from: string; to: string; points: [number, number][] }[];
  };
  const link = links.find(({ from, to }) => from !== to)!;
  const pieces = link.points.slice(1).map((end, at) => [link.points[at]!, end] as const);
  const length = ([a, b]: (typeof pieces)[number]) => Math.abs(a[0] - b[0]) + Math.abs(a[1] - b[1]);
  const [a, b] = pieces.sort((one, other) => length(other) - length(one))[0]!;
  const at = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2].map((number) => number.toFixed(0));
  return { query: `?show=${show}&at=${at.join(',')},1`, from: link.from, to: link.to };
}

test('tree and picture select the same table', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await tree(page).focus();
  await page.keyboard.press('ArrowDown');
  const name = await (await active(page)).getAttribute('title');
  await expect(selected(page)).toHaveText(name!.split('.').pop()!);
  await expect(await active(page)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.locator('canvas.diagram-canvas')).toBeFocused();
  await page.keyboard.press('ArrowRight');
  await expect(selected(page)).not.toHaveText(name!.split('.').pop()!);
  const other = await selected(page).textContent();
  await expect.poll(async () => (await active(page)).getAttribute('title')).toMatch(new RegExp(`\\.${other}$`));
});

test('a table opens to its columns and links, in sentences', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.getByTestId('diagram-filter').fill('sales.orders');
  await page.keyboard.press('ArrowDown');
  await expect(tree(page)).toBeFocused();
  const row = tree(page).getByRole('treeitem', { name: /^sales\.orders ?, table/ });
  await expect(row).toHaveAttribute('aria-expanded', 'false');
  await expect(row).toHaveAttribute('aria-level', '1');
  await page.keyboard.press('Home');
  await page.keyboard.press('ArrowRight');
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await expect(tree(page).getByRole('treeitem', { name: /^customer_id .*foreign key/ })).toHaveAttribute('aria-level', '2');
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await active(page)).getAttribute('aria-level')).toBe('2');
  // The last row below the table is a link.
  const link = tree(page).getByRole('treeitem', { name: /references/ }).first();
  await link.click();
  await expect(page.getByTestId('diagram-tip')).toContainText('references');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  await expect(row).toHaveAttribute('aria-expanded', 'false');
});

test('after a click in the tree its keys go on from there', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.getByTestId('diagram-filter').fill('sales.orders');
  const row = tree(page).getByRole('treeitem', { name: /^sales\.orders ?, table/ });
  await row.locator('.outline-toggle').click();
  await expect(row).toHaveAttribute('aria-expanded', 'true');
  await expect(tree(page)).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect.poll(async () => (await active(page)).getAttribute('aria-level')).toBe('2');
  await row.click();
  await expect(tree(page)).toBeFocused();
  await page.keyboard.press('ArrowLeft');
  await expect(row).toHaveAttribute('aria-expanded', 'false');
  await expect(tree(page)).toBeFocused();
});

test('letters find a table in the tree', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await tree(page).focus();
  // One right after the other: after a pause a letter begins another name.
  await Promise.all([...'order_l'].map((letter) => page.keyboard.press(letter)));
  await expect(selected(page)).toHaveText('order_lines');
});

test('brackets step through the links, Enter goes to the other end, and all of it is said', async ({ page }) => {
  await open(page, address('?show=sales.orders%2B1&table=sales.orders'));
  await drawn(page);
  await expect(said(page)).toContainText(/\d+ tables and \d+ links are shown/);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press(']');
  await expect(said(page)).toContainText(/ references .*, (many|one) to .*\. Link 1 of \d+\./);
  await expect(page.getByTestId('diagram-tip')).toBeVisible();
  const first = await said(page).textContent();
  await page.keyboard.press(']');
  await expect(said(page)).toContainText('Link 2 of');
  await page.keyboard.press('[');
  await expect(said(page)).toHaveText(first!);
  const [, child, parent] = /^(\w+)\.?.* references (\w+)/.exec(first!.trim())!;
  await page.keyboard.press('Enter');
  await expect(selected(page)).toHaveText(child === 'orders' ? parent! : child!);
  await expect(said(page)).toContainText(/, table, \d+ columns?, \d+ links?/);
  await expect(page.getByTestId('diagram-tip')).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(said(page)).toHaveText('Nothing is selected.');
});

test('the zoom is said when it rests', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('+');
  await page.keyboard.press('+');
  await expect(said(page)).toContainText(/Zoom \d+ percent/);
});

test('a link under the pointer names its columns', async ({ page }) => {
  const { query, from, to } = await onLink(page);
  await open(page, address(query));
  await drawn(page);
  const box = (await page.locator('canvas.diagram-canvas').boundingBox())!;
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  const tip = page.getByTestId('diagram-tip');
  await expect(tip).toContainText('references');
  await expect(tip).toContainText(from.split('.').pop()!);
  await expect(tip).toContainText(to.split('.').pop()!);
  await page.mouse.move(box.x - 20, box.y + 5);
  await expect(tip).toBeHidden();
});

test('the keys are told, and the focus comes back', async ({ page }) => {
  await open(page, address());
  await drawn(page);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keys of the diagram' })).toBeVisible();
  await expect(page.getByTestId('diagram-help')).toContainText('Step through the links');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('diagram-help')).toBeHidden();
  await expect(page.locator('canvas.diagram-canvas')).toBeFocused();
});

test('colours are the person’s own where they force them', async ({ page }) => {
  await page.emulateMedia({ forcedColors: 'active' });
  await open(page, address('?show=sales.orders&table=sales.orders'));
  await drawn(page);
  const inks = await page.locator('canvas.diagram-canvas').evaluate((canvas) => {
    const style = getComputedStyle(canvas);
    const probe = document.createElement('i');
    document.body.append(probe);
    probe.style.color = 'Highlight';
    return [style.getPropertyValue('--er-selection'), getComputedStyle(probe).color];
  });
  expect(inks[0]).toBe(inks[1]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`nothing serious for axe with tree, tip and keys in ${colorScheme}`, async ({ page }) => {
    // Axe looks at several large pages.
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(page, address('?table=sales.orders'));
    await drawn(page);
    const serious = async () => {
      const violations = await axe(page);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    };
    await tree(page).focus();
    await page.keyboard.press('ArrowRight');
    await expect(await active(page)).toHaveAttribute('aria-expanded', 'true');
    await page.locator('canvas.diagram-canvas').focus();
    await page.keyboard.press(']');
    await expect(page.getByTestId('diagram-tip')).toBeVisible();
    expect(await serious()).toEqual([]);
    await page.keyboard.press('?');
    await expect(page.getByTestId('diagram-help')).toBeVisible();
    expect(await serious()).toEqual([]);
  });
}
