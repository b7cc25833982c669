// node drag.mjs BASE DATABASE EMAIL PASSWORD [RUNS]
// Opens a diagram, and drags one table along a figure of eight for three seconds. Prints, as JSON, after how
// long the server's picture stood on the screen (ms from navigation, before any script of the page), the
// 95th percentile of the times between animation frames while dragging (ms), both the median of the runs,
// and whether the table moved; or { "absent": true } where the page lets nobody arrange tables. CHROMIUM
// names the browser.
import { chromium } from 'playwright-core';

const [base, database, email, password, runs = '3'] = process.argv.slice(2);
const SECONDS = 3;
const VIEWPORT = { width: 1400, height: 900 };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

// Runs in the page: times between frames until stopped, as the harness for the other gestures takes them.
function record() {
  let last = null;
  let on = true;
  const deltas = [];
  const tick = () => {
    const now = performance.now();
    if (last != null) deltas.push(now - last);
    last = now;
    if (on) requestAnimationFrame(tick);
  };
  requestAnimationFrame(tick);
  window.stopRecording = () => {
    on = false;
    return deltas;
  };
}

// Runs in the page before it loads: when the server's picture is all there and two frames have passed.
function watchPicture() {
  const look = () => {
    const svg = document.querySelector('.diagram-picture svg');
    if (svg && document.readyState !== 'loading') {
      requestAnimationFrame(() => requestAnimationFrame(() => (window.pictureShown = performance.now())));
    } else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}

async function once(browser) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  const page = await context.newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(`${base}/login`);
  await page.locator('input[name=email]').fill(email);
  await page.locator('input[type=password]').fill(password);
  await Promise.all([
    page.waitForURL((url) => !url.pathname.startsWith('/login')),
    page.locator('button[type=submit]').first().click(),
  ]);
  await page.addInitScript(watchPicture);
  await page.goto(`${base}/databases/${database}/diagram?show=*`);
  const diagram = page.locator('[data-testid=er-diagram]');
  await page.waitForFunction(() => document.querySelector('[data-testid=er-diagram]')?.dataset.state === 'ready');
  const picture = await page.evaluate(() => window.pictureShown ?? null);
  const ends = async (result) => {
    await context.close();
    return { ...result, picture };
  };
  if ((await page.locator('[data-testid=arrange-bar]').count()) === 0) return ends({ absent: true });
  const read = (name) => diagram.evaluate((node, key) => node.dataset[key] ?? null, name);
  const frame = () => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

  const [x, y] = [VIEWPORT.width / 2, VIEWPORT.height / 2];
  await page.mouse.move(x, y);
  for (let n = 0; n < 120 && Number(await read('zoom')) < 0.9; n++) {
    await page.mouse.wheel(0, -96);
    await frame();
  }
  await sleep(1000);
  const spots = [];
  for (let dx = -300; dx <= 300; dx += 40) for (let dy = -200; dy <= 200; dy += 40) spots.push([x + dx, y + dy]);
  spots.sort((a, b) => Math.hypot(a[0] - x, a[1] - y) - Math.hypot(b[0] - x, b[1] - y));
  let spot = null;
  for (const [at, down] of spots) {
    await page.mouse.click(at, down);
    await frame();
    if ((await read('selected')) === '1' && (await read('place'))) {
      spot = [at, down];
      break;
    }
  }
  if (!spot) return ends({ failed: 'no table was found to drag' });
  const before = await read('place');
  await sleep(500);

  await page.mouse.move(...spot);
  await page.mouse.down();
  await page.evaluate(record);
  const begun = performance.now();
  for (let t; (t = performance.now() - begun) < SECONDS * 1000; ) {
    const angle = (t / 2000) * 2 * Math.PI;
    const sent = performance.now();
    await page.mouse.move(spot[0] + 250 * Math.sin(angle), spot[1] + 150 * Math.sin(2 * angle));
    await sleep(Math.max(0, 16 - (performance.now() - sent)));
  }
  await page.mouse.move(spot[0] + 180, spot[1] + 110);
  const deltas = await page.evaluate(() => window.stopRecording());
  await page.mouse.up();
  await frame();
  const moved = (await read('place')) !== before;
  deltas.sort((a, b) => a - b);
  return ends({ p95: deltas[Math.max(0, Math.ceil(0.95 * deltas.length) - 1)] ?? null, frames: deltas.length, moved });
}

const flags = ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking'];
const results = [];
for (let n = 0; n < Number(runs); n++) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, headless: true, args: flags });
  try {
    results.push(await once(browser));
  } finally {
    await browser.close();
  }
  if (results.at(-1).p95 == null) break;
}
const odd = results.find((it) => it.p95 == null);
const middle = (values) => values.sort((a, b) => a - b)[values.length >> 1];
console.log(
  JSON.stringify(
    odd ?? {
      p95: middle(results.map((it) => it.p95)),
      picture: middle(results.map((it) => it.picture ?? Infinity)),
      frames: results[0].frames,
      moved: results.every((it) => it.moved),
    },
  ),
);
