import { expect, hydrated, open, test, unique } from '../fixtures';

const script = `
CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy');
CREATE TABLE artists (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL,
    mood mood DEFAULT 'ok'
);
COMMENT ON TABLE artists IS 'Everybody who made a record';
CREATE TABLE albums (
    id bigint PRIMARY KEY,
    artist_id bigint NOT NULL REFERENCES artists ON DELETE CASCADE,
    title character varying(160) NOT NULL,
    UNIQUE (artist_id, title)
);
CREATE VIEW titles AS SELECT title FROM albums;
INSERT INTO albums VALUES (1, 1, 'x');
CREATE TABEL oops (id int);
`;

async function importScript(page: import('@playwright/test').Page, name: string, text: string) {
  await open(page, '/databases/new');
  await page.getByTestId('field-name').fill(name);
  await page.getByTestId('field-script').fill(text);
  await page.getByTestId('import-submit').click();
}

test('a pasted script becomes a database, and what could not be read is told with its line', async ({ page }) => {
  const name = `Pasted ${unique()}`;
  await importScript(page, name, script);
  await expect(page.getByTestId('database-name')).toHaveText(name);
  await expect(page.getByTestId('database-stats')).toContainText(/Tables\s*2/);
  await expect(page.getByTestId('database-stats')).toContainText(/references\s*1/i);
  await expect(page.getByTestId('import-problems').getByRole('row').nth(1)).toContainText(/^17/);
  await expect(page.getByTestId('import-problems')).toContainText('CREATE TABEL oops');
  await expect(page.getByTestId('import-report')).toContainText('1 INSERT');
  await expect(page.getByTestId('tables').getByRole('row')).toHaveCount(4);
  await expect(page.getByTestId('enums')).toContainText('sad, ok, happy');

  await hydrated(page);
  await page.getByTestId('tables').getByRole('link', { name: 'albums' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('public.albums');
  await expect(page.getByTestId('columns')).toContainText('character varying(160)');
  await expect(page.getByTestId('references-out')).toContainText('public.artists (id)');
  await expect(page.getByTestId('references-out')).toContainText('delete: cascade');
});

test('a file is uploaded and lends its name', async ({ page }) => {
  await open(page, '/databases/new');
  const name = `upload${unique()}`;
  await page.getByTestId('field-file').setInputFiles({
    name: `${name}.schema.sql`,
    mimeType: 'application/sql',
    buffer: Buffer.from(script),
  });
  await page.getByTestId('import-submit').click();
  await expect(page.getByTestId('database-name')).toHaveText(name);
});

test('a text without DDL is refused and stays in the field', async ({ page }) => {
  const text = 'Dear all, please find attached nothing.';
  await importScript(page, `Prose ${unique()}`, text);
  await expect(page.locator('#script-error')).not.toBeEmpty();
  await expect(page.getByTestId('field-script')).toHaveValue(text);
  await expect(page).toHaveURL(/\/databases\/new$/);
});

test('the dialect is told by the script, and one that was said wrongly is named', async ({ page }) => {
  const text = 'CREATE TABLE `t` (`id` int AUTO_INCREMENT PRIMARY KEY) ENGINE=InnoDB;';
  await open(page, '/databases/new');
  const name = `Other ${unique()}`;
  await page.getByTestId('field-name').fill(name);
  await page.getByTestId('field-dialect').selectOption('postgresql');
  await page.getByTestId('field-script').fill(text);
  await page.getByTestId('import-submit').click();
  await expect(page.getByTestId('import')).toContainText('This looks like MySQL');

  await page.getByTestId('field-dialect').selectOption('');
  await page.getByTestId('import-submit').click();
  await expect(page.getByTestId('database-name')).toHaveText(name);
  await expect(page.getByText('mysql', { exact: true })).toBeVisible();
});

test('bytes that are no text are refused with their place', async ({ page }) => {
  await open(page, '/databases/new');
  await page.getByTestId('field-file').setInputFiles({
    name: 'latin1.sql',
    mimeType: 'application/sql',
    buffer: Buffer.from([...Buffer.from('CREATE TABLE a (x int);\n-- caf'), 0xe9, 0x0a]),
  });
  await page.getByTestId('import-submit').click();
  await expect(page.getByTestId('import')).toContainText('latin1.sql');
  await expect(page.getByTestId('import')).toContainText(/line 2/);
});

test('a name that is taken is refused beside its field', async ({ page }) => {
  const name = `Twice ${unique()}`;
  await importScript(page, name, 'CREATE TABLE a (id int);');
  await expect(page.getByTestId('database-name')).toHaveText(name);
  await importScript(page, name, 'CREATE TABLE a (id int);');
  await expect(page.getByTestId('field-name')).toHaveAttribute('aria-invalid', 'true');
});

test('a database can be taken out again', async ({ page }) => {
  const name = `Gone ${unique()}`;
  await importScript(page, name, 'CREATE TABLE a (id int);');
  await expect(page.getByTestId('database-name')).toHaveText(name);
  const address = new URL(page.url()).pathname;
  await page.getByTestId('delete').click();
  await page.getByTestId('delete-confirm').click();
  await expect(page.getByTestId('flash')).toContainText('no longer in the catalog');
  const answer = await page.goto(address);
  expect(answer?.status()).toBe(404);
  await expect(page.getByTestId('error-view')).toBeVisible();
});

test('an upload beyond the limit is refused and stores nothing', async ({ page }) => {
  await page.goto('/databases');
  const answer = await page.request.post('/rpc/import', {
    headers: { accept: 'application/json' },
    multipart: {
      name: `Huge ${unique()}`,
      file: { name: 'huge.sql', mimeType: 'application/sql', buffer: Buffer.alloc(100 * 1024 * 1024, 0x20) },
    },
  });
  expect(answer.status()).toBe(413);
  await page.reload();
  await expect(page.getByTestId('databases')).not.toContainText('Huge');
});
