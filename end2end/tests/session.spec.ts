import { admin, anonymousTest as test, expect, hydrated, main } from '../fixtures';

test('who is not signed in comes back to the page they wanted', async ({ page }) => {
  await page.goto('/databases?x=1');
  await expect(page).toHaveURL(/\/login\?next=/);
  await hydrated(page);
  await page.getByTestId('field-email').fill(admin.email);
  await page.getByTestId('field-password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page).toHaveURL(`${main.url}/databases?x=1`);
});

test('a session that has ended while the page was open leads to sign in and back', async ({ page, context }) => {
  await page.goto('/login');
  await hydrated(page);
  await page.getByTestId('field-email').fill(admin.email);
  await page.getByTestId('field-password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('rail')).toBeVisible();
  await hydrated(page);
  await context.clearCookies();
  await page.getByTestId('rail').getByRole('link', { name: 'Databases' }).click();
  await expect(page).toHaveURL(/\/login\?next=%2Fdatabases/);
});

test('a form works without scripts, and what was typed comes back', async ({ browser }) => {
  const context = await browser.newContext({ javaScriptEnabled: false, baseURL: main.url });
  const page = await context.newPage();
  await page.goto('/login');
  await page.getByTestId('field-email').fill('nobody@example.test');
  await page.getByTestId('field-password').fill('wrong wrong wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('form-error')).toBeVisible();
  await expect(page.getByTestId('field-email')).toHaveValue('nobody@example.test');
  await page.getByTestId('field-email').fill(admin.email);
  await page.getByTestId('field-password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('rail')).toBeVisible();
  await context.close();
});

test('the session cookie is kept from scripts and other sites', async ({ page, context }) => {
  await page.goto('/login');
  await hydrated(page);
  await page.getByTestId('field-email').fill(admin.email);
  await page.getByTestId('field-password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('rail')).toBeVisible();
  const cookie = (await context.cookies()).find((one) => one.name === 'crowfoot');
  expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Lax', path: '/' });
});

test('another site cannot post a form here', async ({ request }) => {
  const answer = await request.post('/rpc/login', {
    headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    form: { email: admin.email, password: admin.password },
  });
  expect(answer.status()).toBe(403);
});
