// Rights per database, as their owner and those without them meet them.
import { execFileSync } from 'node:child_process';
import type { Browser } from '@playwright/test';
import { axe, expect, hydrated, main, open, test, unique } from '../fixtures';
import { binary } from '../servers';

const password = 'correct horse battery';

/** Makes somebody with an account; the name to sign in with. */
function person(role: string): string {
  const name = `${role}${unique()}`;
  execFileSync(binary(), ['user', 'add', `${name}@example.org`, '--role', role], {
    env: { ...process.env, ...main.env },
    input: `${password}\n`,
    encoding: 'utf8',
  });
  return name;
}

async function signedIn(browser: Browser, name: string) {
  const context = await browser.newContext({ baseURL: main.url, storageState: { cookies: [], origins: [] } });
  const page = await context.newPage();
  await open(page, '/login');
  await page.getByTestId('field-email').fill(name);
  await page.getByTestId('field-password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('/');
  return page;
}

test('a database is hidden, shown to one person by name, and shown to a group', async ({ page, browser }) => {
  // Two people and a dozen pages.
  test.slow();
  const viewer = person('viewer');
  const title = `Secret ${unique()}`;
  const table = `secret_${unique()}`;
  const made = await page.request.post('/api/databases/from-text', {
    data: { name: title, sql_content: `CREATE TABLE ${table} (id int primary key);` },
  });
  const { id } = (await made.json()) as { id: string };

  const other = await signedIn(browser, viewer);
  await open(other, `/databases/${id}`);
  await expect(other.getByTestId('database-name')).toHaveText(title);
  await expect(other.getByTestId('access-link')).toHaveCount(0);

  await open(page, `/databases/${id}`);
  await page.getByTestId('access-link').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(`Access to ${title}`);
  await hydrated(page);
  await page.getByTestId('everybody-none').check();
  await page.getByTestId('everybody-save').click();
  await expect(page.getByTestId('flash')).toContainText('Saved');
  await expect(page.getByTestId('everybody-none')).toBeChecked();

  for (const address of [`/databases/${id}`, `/databases/${id}/diagram`, `/databases/${id}/tables/public.${table}`]) {
    expect((await other.goto(address))?.status(), address).toBe(404);
  }
  await open(other, `/search?q=${table}`);
  await expect(other.locator('#main')).not.toContainText(`${title} /`);
  expect((await other.request.get(`/api/databases/${id}/export?format=json`)).status()).toBe(404);

  await page.locator('#grantee').selectOption({ label: `${viewer} (${viewer})` });
  await page.getByTestId('grant').click();
  await expect(page.getByTestId('grants')).toContainText(viewer);
  await open(other, `/databases/${id}`);
  await expect(other.getByTestId('database-name')).toHaveText(title);

  await page.getByTestId('grant-remove').click();
  await expect(page.getByTestId('grants')).toHaveCount(0);
  expect((await other.goto(`/databases/${id}`))?.status()).toBe(404);

  const group = `Team ${unique()}`;
  await open(page, '/admin/groups');
  await page.getByTestId('group-name').fill(group);
  await page.getByTestId('group-create').click();
  const card = page.getByTestId('groups').getByRole('listitem').filter({ hasText: group }).first();
  await card.getByRole('combobox').selectOption({ label: `${viewer} (${viewer})` });
  await card.getByTestId('member-add').click();
  await expect(card).toContainText('1 person');
  await open(page, `/databases/${id}/access`);
  await page.locator('#grantee').selectOption({ label: group });
  await page.getByTestId('grant').click();
  await expect(page.getByTestId('grants')).toContainText(group);
  await open(other, `/databases/${id}`);
  await expect(other.getByTestId('database-name')).toHaveText(title);

  await page.emulateMedia({ reducedMotion: 'reduce' });
  const violations = await axe(page);
  expect(violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')).toEqual([]);
  await other.context().close();
  await page.request.delete(`/api/databases/${id}`);
});

test('groups are for administrators', async ({ page, browser }) => {
  await open(page, '/admin/groups');
  await page.getByTestId('group-name').fill(' ');
  await page.getByTestId('group-create').click();
  await expect(page.locator('#main')).toContainText('Give the group a name');
  const editor = await signedIn(browser, person('editor'));
  expect((await editor.goto('/admin/groups'))?.status()).toBe(403);
  await expect(editor.getByTestId('user-menu')).toBeVisible();
  await editor.context().close();
});
