// The first start, on a server that nobody has used yet.
import { readFileSync } from 'node:fs';
import { anonymousTest as test, expect, fresh, hydrated } from '../fixtures';

test.describe.configure({ mode: 'serial' });
test.use({ baseURL: fresh.url });

const email = 'grace@example.test';
const password = 'first administrator';
const changed = 'another long password';

function code(): string {
  const found = /code (\S+)/.exec(readFileSync(fresh.logFile, 'utf8'));
  expect(found, 'the server prints the setup code').not.toBeNull();
  return found?.[1] ?? '';
}

test('any page leads to setup while there is no user', async ({ page }) => {
  for (const address of ['/', '/login', '/databases', '/search?q=x']) {
    await page.goto(address);
    await expect(page).toHaveURL(/\/setup$/);
  }
});

test('a wrong code is refused and nothing typed is lost', async ({ page }) => {
  await page.goto('/setup');
  await hydrated(page);
  await page.getByTestId('field-code').fill('AAAA-BBBB-CCCC-DDDD');
  await page.getByTestId('field-email').fill(email);
  await page.getByTestId('field-password').fill(password);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.getByTestId('setup')).toContainText(/code/i);
  await expect(page.getByTestId('field-code')).toHaveAttribute('aria-invalid', 'true');
  await expect(page.getByTestId('field-email')).toHaveValue(email);
});

test('a weak password is refused beside its field', async ({ page }) => {
  await page.goto('/setup');
  await hydrated(page);
  await page.getByTestId('field-code').fill(code());
  await page.getByTestId('field-email').fill(email);
  await page.getByTestId('field-password').fill('short');
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.getByTestId('field-password')).toHaveAttribute('aria-invalid', 'true');
});

test('the code makes the first administrator, who finds three ways in', async ({ page }) => {
  await page.goto('/setup');
  await hydrated(page);
  await page.getByTestId('field-code').fill(code().toLowerCase());
  await page.getByTestId('field-full_name').fill('Grace Hopper');
  await page.getByTestId('field-email').fill(email);
  await page.getByTestId('field-password').fill(password);
  await page.getByRole('button', { name: 'Create administrator' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Welcome, Grace Hopper');
  await expect(page.getByTestId('ways-in').getByRole('heading', { level: 3 })).toHaveText([
    'Load the sample',
    'Import a script',
    'Connect a database',
  ]);
  await page.goto('/setup');
  await expect(page, 'setup is closed for good').toHaveURL(`${fresh.url}/`);
});

test('signing in, out, and changing the password', async ({ page }) => {
  const signIn = async (secret: string) => {
    await page.goto('/login');
    await hydrated(page);
    await page.getByTestId('field-email').fill(email);
    await page.getByTestId('field-password').fill(secret);
    await page.getByRole('button', { name: 'Sign in' }).click();
  };
  await signIn('not the password');
  await expect(page.getByTestId('form-error')).toBeVisible();
  await expect(page.getByTestId('field-email')).toHaveValue(email);

  await signIn(password);
  await expect(page.getByTestId('ways-in')).toBeVisible();

  await page.goto('/me');
  await hydrated(page);
  await page.getByTestId('field-current').fill(password);
  await page.getByTestId('field-new').fill(changed);
  await page.getByTestId('field-repeat').fill(`${changed}!`);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByTestId('field-repeat')).toHaveAttribute('aria-invalid', 'true');
  await page.getByTestId('field-repeat').fill(changed);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByTestId('flash')).toContainText('Your password is changed');

  await page.getByTestId('user-menu').click();
  await page.getByTestId('logout').click();
  await expect(page).toHaveURL(/\/login$/);
  await page.goto('/databases');
  await expect(page).toHaveURL(/\/login\?next=/);
  await signIn(password);
  await expect(page.getByTestId('form-error')).toBeVisible();
  await signIn(changed);
  await expect(page.getByTestId('ways-in')).toBeVisible();
});
