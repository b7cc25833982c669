import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
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

let names = 0;

/** Digits that no other test has, for the names of what all tests see. */
export function unique(): string {
  names += 1;
  return `${Date.now()}${process.pid}${names}`;
}

/** What axe finds once nothing moves: a colour on its way to another may have too little contrast. */
export async function axe(page: Page) {
  await page.evaluate(() => {
    const ends = document.getAnimations().filter((one) => one.effect?.getComputedTiming().endTime !== Infinity);
    return Promise.allSettled(ends.map((one) => one.finished));
  });
  return (await new AxeBuilder({ page }).analyze()).violations;
}

/** Waits until the page is no wider than so. */
export async function fits(page: Page, width: number): Promise<void> {
  const wide = () => page.evaluate(() => document.documentElement.scrollWidth);
  await expect.poll(wide, page.url()).toBeLessThanOrEqual(width);
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
