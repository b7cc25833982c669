// The two servers that the tests run against: `main` has an administrator and the sample, `fresh`
// has nobody yet, so that the first start can be tested.
import { chmodSync, existsSync, mkdirSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

export const admin = { email: 'ada@example.test', password: 'a long enough password' };

export interface Server {
  url: string;
  command: string;
  dataDir: string;
  logFile: string;
  env: Record<string, string>;
}

function server(root: string, name: string, port: number, env: Record<string, string>): Server {
  const dataDir = join(root, name);
  mkdirSync(dataDir, { recursive: true });
  const logFile = join(root, `${name}.out`);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    dataDir,
    logFile,
    // exec, so that the signal to stop reaches the server and not a shell.
    command: `exec '${binary()}' serve > '${logFile}' 2> '${join(root, `${name}.log`)}'`,
    env: {
      CROWFOOT_ADDR: `127.0.0.1:${port}`,
      CROWFOOT_DATA_DIR: dataDir,
      CROWFOOT_LOG: 'info',
      DATABASE_URL: '',
      ...env,
    },
  };
}

export function binary(): string {
  const path = resolve(process.env.CROWFOOT_BIN ?? join(import.meta.dirname, '../target/release/crowfoot'));
  if (!existsSync(path)) throw new Error(`${path} is not there; run \`cargo xtask build\` first`);
  return path;
}

// Every worker loads this file again; the folder is made once and handed on.
export function servers(): { main: Server; fresh: Server } {
  let root = process.env.CROWFOOT_E2E_DIR;
  if (!root) {
    root = mkdtempSync(join(tmpdir(), 'crowfoot-e2e-'));
    // PostgreSQL runs under another account when the tests run as root.
    chmodSync(root, 0o755);
    process.env.CROWFOOT_E2E_DIR = root;
  }
  return {
    main: server(root, 'main', 4310, {
      CROWFOOT_ALLOW_SOCKETS: 'true',
      CROWFOOT_ADMIN_EMAIL: admin.email,
      CROWFOOT_ADMIN_PASSWORD: admin.password,
    }),
    fresh: server(root, 'fresh', 4311, {}),
  };
}

export const stateFile = join(import.meta.dirname, 'test-results', 'admin.json');
