import { expect, open, test } from '../fixtures';

test('Ctrl-K finds a table and Enter opens it', async ({ page }) => {
  await open(page, '/');
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette')).toBeVisible();
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await page.keyboard.type('order_lines');
  await expect(page.getByTestId('palette-hit').first()).toContainText('order_lines');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.order_lines');
  await expect(page.getByTestId('palette')).toBeHidden();
});

test('Enter without a pause means what was typed, not what was there before', async ({ page }) => {
  await open(page, '/databases');
  await page.keyboard.press('Control+k');
  await expect(page.getByTestId('palette-input')).toBeFocused();
  await page.keyboard.type('order_lines');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.order_lines');
});

test('it finds columns, databases and pages, and arrows choose', async ({ page }) => {
  await open(page, '/');
  await page.getByTestId('open-palette').click();
  const input = page.getByTestId('palette-input');
  const hits = page.getByTestId('palette-hit');
  await input.fill('sample shop');
  await expect(hits.first()).toContainText('Sample shop warehouse');
  await input.fill('orders.customer_id');
  await expect(hits.first()).toContainText('customer_id');
  await input.fill('password');
  await expect(hits.first()).toContainText('Your account');
  await input.fill('customer');
  // An answer that comes later chooses the first again.
  await expect(hits.first()).toContainText('customer');
  await expect(hits.nth(1)).toBeVisible();
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowDown');
  await expect(hits.nth(1)).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('ArrowUp');
  await expect(hits.first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Escape');
  await expect(page.getByTestId('palette')).toBeHidden();
  await expect(page.getByTestId('open-palette')).toBeFocused();
});

test('what finds nothing is said', async ({ page }) => {
  await open(page, '/');
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette-input').fill('zzzzqqqq');
  await expect(page.getByTestId('palette')).toContainText('Nothing fits that.');
});
