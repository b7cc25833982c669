// A diagram inside of a page of another site.
import AxeBuilder from '@axe-core/playwright';
import { drawn, expect, main, open, prepared, test } from '../fixtures';

const address = (query = '') => `/embed/${prepared().sample}/diagram${query}`;

test('another site shows the diagram, and no other page', async ({ page }) => {
  const other = 'http://127.0.0.1:4999/';
  await page.route(other, (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<title>Wiki</title><iframe title="Shop" width="900" height="600"
        src="${main.url}${address('?show=sales.orders%2B1')}"></iframe>`,
    }),
  );
  await page.goto(other);
  const frame = page.frameLocator('iframe');
  await expect(frame.getByTestId('er-diagram')).toHaveAttribute('data-state', 'ready');
  await expect(frame.getByTestId('rail')).toHaveCount(0);
  await expect(frame.getByTestId('diagram-export')).toHaveCount(0);
  await expect(frame.getByTestId('embed-bar').getByRole('link')).toHaveAttribute('target', '_blank');
  const denied = await page.request.get(`/databases/${prepared().sample}/diagram`);
  expect(denied.headers()['x-frame-options']).toBe('DENY');
});

test('nothing in it leads away', async ({ page }) => {
  await open(page, address('?show=sales.orders&table=sales.orders'));
  await drawn(page);
  await expect(page.getByTestId('diagram-selected')).toHaveText('orders');
  await expect(page.getByTestId('diagram-open-table')).toHaveCount(0);
  await page.locator('canvas.diagram-canvas').focus();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/embed\//);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`embedded: nothing serious for axe in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(page, address());
    await drawn(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  });
}
