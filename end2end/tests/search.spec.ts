import { expect, open, test } from '../fixtures';

test('comments are found, and what fits is marked', async ({ page }) => {
  await open(page, '/search?q=customer+email');
  const first = page.getByTestId('search-hit').first();
  await expect(first).toContainText('email');
  await expect(first.locator('mark').first()).toBeVisible();
  await expect(page.getByTestId('search-count')).toContainText('found');
});

test('filters are clicked on and off, and the address keeps them', async ({ page }) => {
  await open(page, '/search');
  await expect(page.getByTestId('search-help')).toBeVisible();
  await page.getByTestId('search-text').fill('order');
  await page.getByTestId('search-text').press('Enter');
  await expect(page.getByTestId('search-hit').first()).toBeVisible();
  await page.getByTestId('facet').filter({ hasText: /^column / }).click();
  await expect(page).toHaveURL(/type%3Acolumn|type:column/);
  await expect(page.getByTestId('search-text')).toHaveValue('type:column order');
  await expect(page.getByTestId('filter-off')).toContainText('type:column');
  for (const hit of await page.getByTestId('search-hit').all()) {
    await expect(hit).toContainText('column in');
  }
  await page.getByTestId('filter-off').click();
  await expect(page.getByTestId('search-text')).toHaveValue('order');
  await expect(page.getByTestId('filter-off')).toHaveCount(0);
});

test('slips are corrected, and unknown filters are said', async ({ page }) => {
  await open(page, '/search?q=ordres');
  await expect(page.getByTestId('search-similar')).toContainText('orders');
  await expect(page.getByTestId('search-hit').first()).toContainText('orders');
  await open(page, '/search?q=colour:red+zzzzqqqq');
  await expect(page.getByTestId('search-note')).toContainText('colour:');
  await expect(page.getByTestId('search-empty')).toBeVisible();
});

test('arrow keys lead through the hits, Enter opens one', async ({ page }) => {
  await open(page, '/search?q=order_lines');
  const links = page.locator('a.hit-name');
  await page.getByTestId('search-text').focus();
  await page.keyboard.press('ArrowDown');
  await expect(links.first()).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(links.nth(1)).toBeFocused();
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('ArrowUp');
  await expect(page.getByTestId('search-text')).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('sales.order_lines');
});

test('the palette understands filters and leads to the page', async ({ page }) => {
  await open(page, '/');
  await page.getByTestId('open-palette').click();
  await page.getByTestId('palette-input').fill('type:table order_lines');
  const hits = page.getByTestId('palette-hit');
  await expect(hits.first()).toContainText('order_lines');
  await hits.last().click();
  await expect(page).toHaveURL(/\/search\?q=/);
  await expect(page.getByTestId('search-text')).toHaveValue('type:table order_lines');
});

test('programs get the same with a count', async ({ page }) => {
  await open(page, '/');
  const answer = await page.request.get('/api/search', {
    params: { q: 'orders type:table', limit: 1 },
  });
  expect(answer.ok()).toBeTruthy();
  const found = await answer.json();
  expect(found.hits).toHaveLength(1);
  expect(found.hits[0].hit.label).toBe('orders');
  expect(found.total).toBeGreaterThanOrEqual(1);
  expect(found.query.filters[0]).toEqual({ key: 'type', value: 'table' });
});
