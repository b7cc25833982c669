// Signs in once and creates the sample by its button; the other tests start from there.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { admin, stateFile } from '../servers';

test('sign in and create the sample', async ({ page }) => {
  await page.goto('/login');
  await page.getByTestId('field-email').fill(admin.email);
  await page.getByTestId('field-password').fill(admin.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByTestId('ways-in')).toBeVisible();
  mkdirSync(dirname(stateFile), { recursive: true });
  await page.context().storageState({ path: stateFile });

  await page.getByTestId('way-sample').click();
  await expect(page.getByTestId('database-name')).toHaveText('Sample shop warehouse', { timeout: 45_000 });
  const sample = new URL(page.url()).pathname.split('/').pop() ?? '';
  expect(sample).toMatch(/^db_[a-z0-9]{10}$/);
  writeFileSync(join(dirname(stateFile), 'prepared.json'), JSON.stringify({ sample }));
});
