// A diagram inside of a page of another site.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from '@playwright/test';
import { axe, drawn, expect, hydrated, main, open, prepared, test, unique } from '../fixtures';

const address = (query = '') => `/embed/${prepared().sample}/diagram${query}`;

/** Another site, with one page that shows an address in a frame. Browsers tell real servers from made-up ones. */
class Wiki {
  framed = '';
  private readonly server = createServer((_, answer) => {
    answer.setHeader('content-type', 'text/html');
    answer.end(`<title>Wiki</title><iframe title="Shop" width="900" height="600" src="${this.framed}"></iframe>`);
  });

  async [Symbol.asyncDispose](): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((closed) => this.server.close(closed));
  }

  static async open(): Promise<Wiki> {
    const wiki = new Wiki();
    await new Promise<void>((listening) => wiki.server.listen(0, '127.0.0.1', listening));
    return wiki;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }
}

test('another site shows the diagram, and no other page', async ({ page }) => {
  await using wiki = await Wiki.open();
  wiki.framed = `${main.url}${address('?show=sales.orders%2B1')}`;
  await page.goto(wiki.origin);
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
  await open(page, address('?show=sales.orders&hide=created_at&table=sales.orders'));
  await drawn(page);
  const drawer = page.getByTestId('diagram-drawer');
  await expect(drawer.getByTestId('diagram-hidden-columns')).toContainText('created_at');
  await expect(drawer.getByRole('link')).toHaveCount(0);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`embedded: nothing serious for axe in ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await open(page, address());
    await drawn(page);
    const violations = await axe(page);
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
  });
}

/** A shared view of two of three tables; the address of its page. */
async function sharedView(page: Page): Promise<string> {
  const made = await page.request.post('/api/databases/from-text', {
    data: {
      name: `Embedded ${unique()}`,
      sql_content: `CREATE TABLE customers (id int primary key, email text);
        CREATE TABLE orders (id int primary key, customer_id int references customers);
        CREATE TABLE salaries (id int primary key);`,
    },
  });
  expect(made.status()).toBe(201);
  const { id } = (await made.json()) as { id: string };
  const view = await page.request.post(`/api/databases/${id}/views`, {
    data: { name: 'Billing', shared: true, query: { show: 'customers,orders' } },
  });
  expect(view.status()).toBe(201);
  return `/databases/${id}/views/${((await view.json()) as { id: string }).id}`;
}

/** Allows embedding on the view's page and answers the address, which is shown this once. */
async function allow(page: Page, view: string, sites: string): Promise<string> {
  await open(page, view);
  await page.getByTestId('embed-sites').fill(sites);
  await page.getByTestId('embed-submit').click();
  await expect(page.getByTestId('embed-made')).toBeVisible();
  await hydrated(page);
  await expect(page.getByTestId('embed-snippet')).toContainText('<iframe src=');
  return (await page.getByTestId('embed-address').locator('code').innerText()).trim();
}

/** A page in a browser that never signed in. */
async function elsewhere(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: { cookies: [], origins: [] } });
  return context.newPage();
}

test('a view is shown elsewhere without signing in, until that ends', async ({ page, browser }) => {
  const view = await sharedView(page);
  await using wiki = await Wiki.open();
  const address = await allow(page, view, wiki.origin);
  wiki.framed = address;
  const other = await elsewhere(browser);
  const asked: string[] = [];
  other.on('request', (request) => {
    if (/\/(rpc|api|login)\b/.test(new URL(request.url()).pathname)) asked.push(request.url());
  });
  await other.goto(wiki.origin);
  const frame = other.frameLocator('iframe');
  const diagram = frame.getByTestId('er-diagram');
  await expect(diagram).toHaveAttribute('data-state', 'ready');
  await expect(diagram).toHaveAttribute('data-tables', '2');
  await expect(frame.getByTestId('embed-view')).toHaveText('Billing');
  await expect(frame.getByTestId('rail')).toHaveCount(0);
  await expect(frame.getByRole('link')).toHaveCount(0);
  // A table tells of itself and leads nowhere.
  await frame.getByRole('treeitem', { name: /orders/ }).first().click();
  await expect(frame.getByTestId('diagram-selected')).toHaveText('orders');
  await expect(frame.getByRole('link')).toHaveCount(0);
  await expect(frame.locator('form')).toHaveCount(0);
  expect(asked).toEqual([]);
  // The address is told once.
  await open(page, view);
  await expect(page.getByTestId('embed-state')).toBeVisible();
  await expect(page.getByTestId('embed-address')).toHaveCount(0);
  await page.getByTestId('embed-revoke').click();
  await page.getByTestId('embed-revoke-confirm').click();
  await expect(page.getByTestId('flash')).toContainText('no longer');
  const answer = other.waitForResponse(address);
  await other.reload();
  expect((await answer).status()).toBe(404);
  await expect(frame.getByRole('heading', { name: 'Not found' })).toBeVisible();
  await expect(frame.getByRole('link')).toHaveCount(0);
  await other.context().close();
});

test('a site that was not named shows nothing', async ({ page, browser }) => {
  const address = await allow(page, await sharedView(page), 'https://intranet.example.com');
  await using wiki = await Wiki.open();
  wiki.framed = address;
  const other = await elsewhere(browser);
  const refused = other.waitForEvent('console', (message) => message.text().includes('frame-ancestors'));
  await other.goto(wiki.origin);
  await refused;
  await expect(other.frameLocator('iframe').getByTestId('er-diagram')).toHaveCount(0);
  await other.context().close();
});

test('what is no site is told beside its field', async ({ page }) => {
  await open(page, await sharedView(page));
  await page.getByTestId('embed-sites').fill('wiki.example.com/page');
  await page.getByTestId('embed-submit').click();
  await expect(page.getByText('is no site')).toBeVisible();
  await expect(page.getByTestId('embed-sites')).toHaveValue('wiki.example.com/page');
  await expect(page.getByTestId('embed-sites')).toHaveAttribute('aria-invalid', 'true');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`an embedded view and its settings: nothing serious for axe in ${colorScheme}`, async ({ page }) => {
    // Axe looks at four pages.
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    const serious = async () => {
      const violations = await axe(page);
      return violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    };
    const view = await sharedView(page);
    const address = await allow(page, view, '');
    expect(await serious()).toEqual([]);
    await open(page, view);
    expect(await serious()).toEqual([]);
    await open(page, address);
    await drawn(page);
    expect(await serious()).toEqual([]);
    await open(page, `${address.slice(0, -1)}`);
    expect(await serious()).toEqual([]);
  });
}
