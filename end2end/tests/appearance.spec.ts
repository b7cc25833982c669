// Every page in both themes, at both widths, with and without scripts, and to a screen reader.
import { anonymousTest, axe, drawn, expect, fits, hydrated, main, open, prepared, test } from '../fixtures';

const pages: [string, () => string][] = [
  ['home', () => '/'],
  ['databases', () => '/databases'],
  ['import', () => '/databases/new'],
  ['connect', () => '/databases/connect'],
  ['database', () => `/databases/${prepared().sample}`],
  ['table', () => `/databases/${prepared().sample}/tables/sales.orders`],
  ['view', () => `/databases/${prepared().sample}/tables/sales.daily_revenue`],
  ['changes', () => `/databases/${prepared().sample}/changes`],
  ['findings', () => `/databases/${prepared().sample}/findings`],
  ['relations', () => `/databases/${prepared().sample}/relations?state=any&from=sales.orders&to=sales.customers`],
  ['diagram', () => `/databases/${prepared().sample}/diagram`],
  ['search', () => '/search?q=customer'],
  ['access', () => `/databases/${prepared().sample}/access`],
  ['groups', () => '/admin/groups'],
  ['datasets', () => '/datasets'],
  ['dataset', () => `/datasets/${prepared().dataset}`],
  ['dataset form', () => '/datasets/new'],
  ['dataset metadata', () => `/datasets/${prepared().dataset}/edit`],
  ['account', () => '/me'],
  ['not found', () => '/no/such/page'],
];

for (const [name, address] of pages) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${name}: nothing serious for axe in ${colorScheme}`, async ({ page }) => {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
      await open(page, address());
      if (name === 'diagram') await drawn(page);
      const violations = await axe(page);
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
    });
  }

  test(`${name}: fits a narrow screen`, async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 844 });
    await open(page, address());
    await fits(page, 390);
    await page.getByTestId('menu-button').click();
    await expect(page.getByTestId('rail').getByRole('link', { name: 'Databases' })).toBeVisible();
  });

  test(`${name}: asks nobody but its own server`, async ({ page }) => {
    const foreign: string[] = [];
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(main.url) && !url.startsWith('data:') && !url.startsWith('blob:')) foreign.push(url);
    });
    await open(page, address());
    expect(foreign).toEqual([]);
  });
}

for (const colorScheme of ['light', 'dark'] as const) {
  anonymousTest(`sign in: nothing serious for axe in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await open(page, '/login');
    const violations = await axe(page);
    expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  });
}

test('the chosen theme holds against the system and after a reload, without a flash', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  await open(page, '/me');
  const canvas = () => page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  const light = await canvas();
  await page.locator('#main').getByTestId('theme-dark').click();
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'dark');
  await expect.poll(canvas).not.toBe(light);
  // The server's own HTML has it already.
  const html = await (await page.request.get('/me')).text();
  expect(html).toContain('data-theme="dark"');
  await page.reload();
  expect(await canvas()).not.toBe(light);
  await hydrated(page);
  await page.locator('#main').getByTestId('theme-system').click();
  await expect(page.locator('html')).not.toHaveAttribute('data-theme', /.+/);
});

test('a page reads without scripts', async ({ browser }) => {
  const { stateFile } = await import('../servers');
  const context = await browser.newContext({ javaScriptEnabled: false, storageState: stateFile, baseURL: main.url });
  const page = await context.newPage();
  await page.goto(`/databases/${prepared().sample}?q=order`);
  await expect(page.getByTestId('tables')).toContainText('orders');
  await page.getByTestId('tables').getByRole('link', { name: 'sales.orders', exact: true }).click();
  await expect(page.getByTestId('columns')).toContainText('customer_id');
  await context.close();
});

test('a page is policed: only its own scripts, no framing, no sniffing', async ({ page }) => {
  const answer = await page.goto('/databases');
  const headers = answer?.headers() ?? {};
  expect(headers['content-security-policy']).toContain("default-src 'none'");
  expect(headers['content-security-policy']).toMatch(/script-src 'self' 'nonce-[^']+' 'wasm-unsafe-eval'/);
  expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
  expect(headers['x-content-type-options']).toBe('nosniff');
  expect(headers['cache-control']).toBe('no-store');
});

test('hashed files are kept for ever, packed', async ({ page, request }) => {
  await page.goto('/databases');
  const sheet = await page.locator('link[rel=stylesheet]').getAttribute('href');
  const answer = await request.get(sheet ?? '', { headers: { 'accept-encoding': 'br' } });
  expect(answer.status()).toBe(200);
  expect(answer.headers()['cache-control']).toContain('immutable');
  expect(answer.headers()['content-encoding']).toBe('br');
});
