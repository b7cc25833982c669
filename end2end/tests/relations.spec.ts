// Relations that are not declared: proposed, decided in the drawer, on the table's page and in the list.
import { readFileSync } from 'node:fs';
import type { APIRequestContext, Page } from '@playwright/test';
import { axe, drawn, expect, main, open, test, unique } from '../fixtures';
import { stateFile } from '../servers';

/** A database of the test's own, so that tests do not meet. */
async function made(request: APIRequestContext, name: string): Promise<string> {
  const answer = await request.post('/api/databases/from-text', {
    data: {
      name: `${name} ${unique()}`,
      sql_content: `
        create table customers (id bigint primary key, email text);
        create table products (id bigint primary key, title text);
        create table shops (id bigint primary key);
        create table orders (id bigint primary key, customer_id bigint not null, product_id bigint,
          shop_id bigint references shops, buyer text);`,
    },
  });
  expect(answer.status()).toBe(201);
  return (await answer.json()).id;
}

async function quiet(page: Page): Promise<void> {
  const violations = await axe(page);
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
  expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`)).toEqual([]);
}

const links = (page: Page) => page.getByTestId('er-diagram');

test('a proposal is accepted in the drawer and drawn from then on, at the same address', async ({ page, request }) => {
  const id = await made(request, 'Drawer');
  await open(page, `/databases/${id}/diagram`);
  await drawn(page);
  await expect(links(page)).toHaveAttribute('data-links', '1');
  await page.getByTestId('diagram-relations').click();
  await page.getByTestId('diagram-relations-item').filter({ hasText: 'With proposed' }).click();
  await expect(links(page)).toHaveAttribute('data-links', '3');
  await drawn(page);
  await page.getByTestId('diagram-outline').getByRole('treeitem', { name: 'public.orders' }).first().click();
  const relation = page.getByTestId('diagram-relation').filter({ hasText: 'customer_id' });
  await expect(relation).toContainText('orders.customer_id references customers.id');
  await expect(relation).toContainText('% sure');
  await expect(relation).toHaveAttribute('data-state', 'proposed');
  // The address follows once the picture rests; the form leads back to it.
  await expect.poll(() => new URL(page.url()).searchParams.get('table')).toBe('public.orders');
  await quiet(page);
  await relation.getByTestId('accept-relation').click();
  await expect(page.getByTestId('flash')).toContainText('1 relation accepted');
  await expect.poll(() => new URL(page.url()).searchParams.get('table')).toBe('public.orders');
  expect(new URL(page.url()).searchParams.get('relations')).toBe('all');
  await expect(page.getByTestId('diagram-relation').filter({ hasText: 'customer_id' })).toHaveAttribute(
    'data-state',
    'accepted',
  );
  for (const [relations, count] of [
    ['', '2'],
    ['?relations=declared', '1'],
    ['?relations=all', '3'],
  ] as const) {
    await open(page, `/databases/${id}/diagram${relations}`);
    await drawn(page);
    await expect(links(page)).toHaveAttribute('data-links', count);
  }
  const svg = await (await request.get(`/api/databases/${id}/diagram.svg?relations=all`)).text();
  expect(svg).toContain('not declared, accepted by');
  expect(svg).toContain('stroke-dasharray="6 4.5"');
  expect(svg).toContain('stroke-dasharray="2 1.5"');
  await request.delete(`/api/databases/${id}`);
});

test('a proposal is rejected on the page of its table and does not come back', async ({ page, request }) => {
  const id = await made(request, 'Rejected');
  const table = `/databases/${id}/tables/public.orders`;
  await open(page, table);
  const proposed = page.getByTestId('proposed-relation');
  await expect(proposed).toHaveCount(2);
  await quiet(page);
  await proposed.filter({ hasText: 'product_id' }).getByTestId('reject-relation').click();
  await expect(page.getByTestId('flash')).toContainText('1 relation rejected');
  await expect(page).toHaveURL(new RegExp(`${table}$`));
  await expect(proposed).toHaveCount(1);
  const { relations } = await (await request.get(`/api/databases/${id}/relations?state=rejected`)).json();
  expect(relations).toHaveLength(1);
  expect(relations[0].verdict.decidedBy).toBeTruthy();
  await open(page, `/databases/${id}/relations`);
  await expect(page.getByTestId('relation')).toHaveCount(1);
  await page.getByTestId('relations-rejected').click();
  await page.getByTestId('withdraw-relation').click();
  await expect(page.getByTestId('flash')).toContainText('Withdrawn');
  await open(page, table);
  await expect(proposed).toHaveCount(2);
  await request.delete(`/api/databases/${id}`);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`the list decides about many, and one is added by hand, in ${colorScheme}`, async ({ page, request }) => {
    // Half a dozen pages, and axe looks at three.
    test.slow();
    await page.emulateMedia({ colorScheme });
    const id = await made(request, 'Many');
    await open(page, `/databases/${id}`);
    await page.getByTestId('relations-link').click();
    await expect(page.getByTestId('relation-count')).toHaveText('2 relations');
    await quiet(page);
    for (const box of await page.getByTestId('check-relation').all()) await box.check();
    await page.getByTestId('accept-checked').click();
    await expect(page.getByTestId('flash')).toContainText('2 relations accepted');
    await expect(page.getByTestId('relations-empty')).toBeVisible();

    await page.getByTestId('add-from').fill('orders');
    await page.getByTestId('add-to').fill('nobody');
    await page.getByTestId('add-tables').click();
    await expect(page.locator('#to-error')).toContainText('Nothing is called nobody');
    await page.getByTestId('add-to').fill('customers');
    await page.getByTestId('add-tables').click();
    await page.getByTestId('add-from-1').selectOption('buyer');
    await page.getByTestId('add-to-1').selectOption('id');
    await page.getByTestId('add-note').fill('as sales says');
    await quiet(page);
    await page.getByTestId('add-submit').click();
    await expect(page.getByTestId('flash')).toContainText('The types do not go together');
    const added = page.getByTestId('relation').filter({ hasText: 'buyer' });
    await expect(added).toContainText('Added by hand');
    await expect(added).toContainText('as sales says');
    await quiet(page);
    await request.delete(`/api/databases/${id}`);
  });
}

test('the list and the drawer work without scripts', async ({ browser, request }) => {
  const id = await made(request, 'Plain');
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: main.url });
  await context.addCookies(JSON.parse(readFileSync(stateFile, 'utf8')).cookies);
  const page = await context.newPage();
  await page.goto(`/databases/${id}/relations`);
  await page.getByTestId('relation').filter({ hasText: 'customer_id' }).getByTestId('accept-relation').click();
  await expect(page.getByTestId('flash')).toContainText('1 relation accepted');
  await page.goto(`/databases/${id}/diagram?relations=all&table=public.orders`);
  await expect(links(page)).toHaveAttribute('data-links', '3');
  await page.getByTestId('reject-relation').click();
  await expect(page).toHaveURL(/diagram\?relations=all&table=public\.orders$/);
  await expect(links(page)).toHaveAttribute('data-links', '2');
  await context.close();
  await request.delete(`/api/databases/${id}`);
});
