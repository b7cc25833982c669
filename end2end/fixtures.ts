import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test as base, expect, type Page } from '@playwright/test';
import { admin, servers, stateFile } from './servers';

export { admin, expect };
export const { main, fresh } = servers();

/** What the preparation left for the tests. */
export const prepared = (): { sample: string; dataset: string } =>
  JSON.parse(readFileSync(join(import.meta.dirname, 'test-results', 'prepared.json'), 'utf8'));

/** Waits until the page answers to clicks. */
export async function hydrated(page: Page): Promise<void> {
  await page.locator('body[data-hydrated="true"]').waitFor();
}

/** Opens an address and waits until it answers to clicks. */
export async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await hydrated(page);
}

/** Waits until the diagram is drawn. */
export async function drawn(page: Page): Promise<void> {
  await expect(page.getByTestId('er-diagram')).toHaveAttribute('data-state', 'ready');
}

/** A test by somebody who is signed in as the administrator. Any error in the page's console fails it. */
export const test = base.extend<{ quietConsole: void }>({
  storageState: stateFile,
  quietConsole: [
    async ({ page }, use) => {
      const errors: string[] = [];
      page.on('pageerror', (error) => errors.push(`page error: ${error.message}`));
      page.on('console', (message) => {
        // A status that a test asks for is not a fault of the page.
        const expected = message.text().startsWith('Failed to load resource');
        if (message.type() === 'error' && !expected) errors.push(`console: ${message.text()}`);
      });
      await use();
      expect(errors).toEqual([]);
    },
    { auto: true },
  ],
});

/** The same by somebody who is not signed in. */
export const anonymousTest = test.extend({ storageState: { cookies: [], origins: [] } });
