import { defineConfig, devices } from '@playwright/test';
import { servers } from './servers';

const { main, fresh } = servers();
const browser = process.env.CROWFOOT_CHROMIUM;

export default defineConfig({
  testDir: 'tests',
  // The two machines that run this have two cores, and both servers and the browser use them.
  workers: process.env.CI ? 2 : undefined,
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  // Two servers, two browsers and their databases share the cores. A test that fails and then
  // passes is named at the end of the run, so that it is mended and not forgotten.
  retries: process.env.CI ? 1 : 0,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.CI ? [['list'], ['json', { outputFile: 'test-results/report.json' }]] : [['list']],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: main.url,
    viewport: { width: 1400, height: 900 },
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
    launchOptions: {
      executablePath: browser || undefined,
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
  projects: [
    { name: 'setup', testMatch: 'prepare.ts' },
    { name: 'app', testMatch: '*.spec.ts', dependencies: ['setup'] },
  ],
  webServer: [main, fresh].map((server) => ({
    command: server.command,
    url: `${server.url}/healthz`,
    env: server.env,
    timeout: 120_000,
    reuseExistingServer: false,
    // A server that is killed leaves its PostgreSQL behind.
    gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 30_000 },
  })),
});
