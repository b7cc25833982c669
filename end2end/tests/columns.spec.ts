// The columns of a large diagram: those that are drawn come with the page, the others when somebody looks closer.
import type { Page } from '@playwright/test';
import { drawn, expect, open, test, unique } from '../fixtures';

const diagram = (page: Page) => page.getByTestId('er-diagram');
const tree = (page: Page) => page.getByTestId('diagram-outline');

/** A chain of so many tables, each with two columns that no key has. */
async function chain(page: Page, tables: number): Promise<string> {
  const table = (place: number) => {
    const parent = place > 0 ? `, parent_id int REFERENCES t${place - 1} (id)` : '';
    return `CREATE TABLE t${place} (id int PRIMARY KEY, label_${place} text${parent}, weight_${place} numeric(8,2));`;
  };
  const sql = Array.from({ length: tables }, (_, place) => table(place)).join('\n');
  const data = { name: `Columns ${unique()}`, sql_content: sql };
  const made = await page.request.post('/api/databases/from-text', { data });
  expect(made.status()).toBe(201);
  return ((await made.json()) as { id: string }).id;
}

/** Hears what is asked for while the page is open, by the kinds of questions. */
function asked(page: Page): string[] {
  const kinds: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/rpc/page')) {
      kinds.push(request.postData() ?? '');
    }
  });
  return kinds;
}

test('the columns of a large diagram come for the selected table, in the tree and to be found', async ({ page }) => {
  test.slow();
  const id = await chain(page, 320);
  const questions = asked(page);
  await open(page, `/databases/${id}/diagram?show=*`);
  await drawn(page);
  await expect(diagram(page)).toHaveAttribute('data-tables', '320');
  expect(await page.content()).not.toContain('weight_7');
  expect(questions.filter((it) => it.includes('DiagramColumns'))).toEqual([]);

  await page.getByTestId('diagram-filter').fill('t7');
  await tree(page).getByRole('treeitem', { name: /t7\b/ }).first().click();
  const columns = page.locator('.drawer-selected .drawer-column');
  await expect(columns).toHaveText([/id/, /label_7\s*text/, /parent_id/, /weight_7\s*numeric\(8,2\)/]);
  await expect(page.getByRole('link', { name: 'Hide weight_7 in every table' })).toBeVisible();

  // One that is linked with it is there already.
  const before = questions.filter((it) => it.includes('DiagramColumns')).length;
  expect(before).toBe(1);
  await page.getByTestId('diagram-filter').fill('t8');
  await tree(page).getByRole('treeitem', { name: /t8\b/ }).first().click();
  await expect(columns.nth(3)).toHaveText(/weight_8\s*numeric\(8,2\)/);

  await page.getByTestId('diagram-filter').fill('t200');
  const far = tree(page).getByRole('treeitem', { name: /t200\b/ });
  await far.locator('.outline-toggle').click();
  await expect(tree(page).getByRole('treeitem', { name: /^weight_200 numeric\(8,2\)/ })).toBeVisible();

  await page.getByTestId('find-open').click();
  await page.getByTestId('find-input').fill('weight_31');
  await expect(page.getByTestId('find-row').first()).toContainText('weight_31');
  await expect(page.getByTestId('find-row')).toHaveCount(11);
  await page.getByTestId('find-input').press('Enter');
  await expect(diagram(page)).toHaveAttribute('data-found', /t31\.weight_31$/);
});

test('columns that cannot be had are told of and asked for again', async ({ page }) => {
  test.slow();
  const id = await chain(page, 310);
  await open(page, `/databases/${id}/diagram?show=*`);
  await drawn(page);
  let refuses = true;
  await page.route('**/rpc/page', async (route) => {
    if (refuses && (route.request().postData() ?? '').includes('DiagramColumns')) {
      await route.fulfill({ status: 503, contentType: 'text/html', body: '<h1>Busy</h1>' });
    } else {
      await route.continue();
    }
  });
  await page.getByTestId('find-open').click();
  await page.getByTestId('find-input').fill('weight_300');
  await expect(page.getByTestId('find-none')).toContainText('Its columns could not be had.');
  refuses = false;
  await page.getByTestId('find-close').click();
  await page.getByTestId('find-open').click();
  await expect(page.getByTestId('find-row').first()).toContainText('weight_300');
});
