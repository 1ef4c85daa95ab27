import { join } from 'node:path';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Database } from '../../src/db/database.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { createActionWorker } from '../../src/operations/actions/actionWorker.ts';
import { openChromium } from '../../tools/screenshots/openChromium.ts';
import { captureLog } from './capturedLog.ts';
import { standardLadder } from './standardLadder.ts';
import { createTestApi } from './testApi.ts';

/** The dashboard of a real api process, in a real browser. */
export interface DashboardSystem {
  readonly url: string;
  /** A page that notes whatever it should not do. */
  open(path: string, options?: BrowserContextOptions): Promise<WatchedPage>;
  close(): Promise<void>;
}

export interface WatchedPage {
  readonly page: Page;
  /** Requests to other hosts, violations of the policy, errors of scripts. */
  readonly faults: string[];
  /** Saves what is shown, for a person to look at. */
  shoot(name: string): Promise<void>;
}

export async function openDashboard(options: {
  readonly database: Database;
  readonly folder: string;
  readonly environment?: Record<string, string>;
}): Promise<DashboardSystem> {
  const { database, folder, environment = {} } = options;
  const app = await createTestApi({
    database,
    environment: { API_REQUESTS_PER_SECOND: '1000', ...environment },
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const worker = createActionWorker({ config: { ladder: standardLadder }, database, log: captureLog().log });
  worker.start();
  const browser = await openChromium(folder);
  return {
    url,
    open: (path, context) => openPage(browser, url, { path, context }),
    async close() {
      await browser.close();
      await app.close();
      await worker.stop();
    },
  };
}

async function openPage(
  browser: Browser,
  url: string,
  { path, context }: { readonly path: string; readonly context: BrowserContextOptions | undefined },
): Promise<WatchedPage> {
  const opened = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    ...context,
  });
  const page = await opened.newPage();
  const faults: string[] = [];
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`) && !request.url().startsWith('data:')) {
      faults.push(request.url());
    }
  });
  page.on('pageerror', (error) => faults.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error' || /Content Security Policy/.test(message.text())) {
      faults.push(message.text());
    }
  });
  await page.goto(url + path);
  return {
    page,
    faults,
    async shoot(name) {
      await page.screenshot({
        path: join(projectDir, '.billcast', 'screenshots', `${name}.png`),
        fullPage: true,
      });
    },
  };
}
