// A view as a file that every program opens; and all the way there by keyboard alone.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { admin, anonymousTest, drawn, expect, hydrated, open, prepared, test } from '../fixtures';

const view = 'show=sales.orders,sales.customers&level=keys';
const file = (extension: string, more = '') =>
  `/api/databases/${prepared().sample}/diagram.${extension}?${view}${more}`;

test('PNG and PDF are the view, in the size of the SVG', async ({ page }) => {
  const svg = await (await page.request.get(file('svg'))).text();
  const [, width, height] = / width="(\d+)" height="(\d+)"/.exec(svg)!.map(Number);
  for (const scale of [1, 2, 4]) {
    const answer = await page.request.get(file('png', `&scale=${scale}`));
    expect(answer.headers()['content-type']).toBe('image/png');
    const png = await answer.body();
    expect(png.subarray(1, 4).toString()).toBe('PNG');
    expect(png.readUInt32BE(16)).toBe(width! * scale);
    expect(png.readUInt32BE(20)).toBe(height! * scale);
  }
  const pdf = await page.request.get(file('pdf'));
  expect(pdf.headers()['content-type']).toBe('application/pdf');
  const text = (await pdf.body()).toString('latin1');
  expect(text.startsWith('%PDF-')).toBe(true);
  expect(text).toContain(`/tables/sales.orders`);
  for (const scale of ['0', '5', 'large']) {
    const refused = await page.request.get(file('png', `&scale=${scale}`));
    expect(refused.status(), scale).toBe(422);
  }
});

test('a PNG shows what the page shows', async ({ page }) => {
  await open(page, `/databases/${prepared().sample}/diagram?${view}`);
  const colours = await page.evaluate(async (address) => {
    const answer = await fetch(address);
    const picture = await createImageBitmap(await answer.blob());
    const canvas = new OffscreenCanvas(picture.width, picture.height);
    const context = canvas.getContext('2d')!;
    context.drawImage(picture, 0, 0);
    const { data } = context.getImageData(0, 0, picture.width, picture.height);
    const seen = new Set<number>();
    for (let at = 0; at < data.length; at += 4) seen.add((data[at]! << 16) | (data[at + 1]! << 8) | data[at + 2]!);
    return seen.size;
  }, file('png'));
  expect(colours).toBeGreaterThan(20);
});

/** Presses Tab until the element has the focus. */
async function tabTo(page: Page, testid: string): Promise<void> {
  const wanted = page.getByTestId(testid);
  for (let presses = 0; presses < 80; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press('Tab');
  }
  await expect(wanted).toBeFocused();
}

anonymousTest('by keyboard alone from the login to a path in a file', async ({ page }) => {
  await page.goto(`/databases/${prepared().sample}/diagram`);
  await expect(page).toHaveURL(/\/login/);
  await hydrated(page);
  await tabTo(page, 'field-email');
  await page.keyboard.type(admin.email);
  await tabTo(page, 'field-password');
  await page.keyboard.type(admin.password);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/diagram/);
  await hydrated(page);
  await drawn(page);
  await tabTo(page, 'diagram-path');
  await page.keyboard.press('Enter');
  await tabTo(page, 'diagram-path-input');
  await page.keyboard.type('sales.order_lines, sales.countries');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/path=/);
  await hydrated(page);
  await drawn(page);
  await expect(page.getByTestId('diagram-way').first()).toBeVisible();
  await tabTo(page, 'diagram-export');
  await page.keyboard.press('Enter');
  const item = page.getByTestId('diagram-export-item').filter({ hasText: 'PDF' });
  await expect(item).toBeVisible();
  for (let presses = 0; presses < 20; presses += 1) {
    if (await item.evaluate((element) => element === document.activeElement)) break;
    await page.keyboard.press('ArrowDown');
  }
  await expect(item).toBeFocused();
  const waiting = page.waitForEvent('download');
  await page.keyboard.press('Enter');
  const download = await waiting;
  expect(download.suggestedFilename()).toMatch(/-diagram\.pdf$/);
  const pdf = await readFile(await download.path(), 'latin1');
  expect(pdf).toContain('/tables/sales.order_lines');
  expect(pdf).toContain('/tables/sales.countries');
});
