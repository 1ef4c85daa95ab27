import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { AxeBuilder } from '@axe-core/playwright';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { pages } from '../../src/dashboard/app/pageList.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { hashNextContacts, openContactWalk } from '../../src/operations/contacts.ts';
import { revealBill } from '../../src/operations/revealBill.ts';
import { ask } from '../support/ask.ts';
import { addBillsInEveryState, type BillsOfStates, billsByState } from '../support/billsInEveryState.ts';
import { type DashboardSystem, openDashboard, type WatchedPage } from '../support/dashboardSystem.ts';
import { eventually } from '../support/eventually.ts';
import { billIdOf, statusOf } from '../support/notifications.ts';
import { startedRun } from '../support/startedRun.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const folder = useTemporaryFolder();
// A machine of two cores may run a cluster of another test beside Chromium.
const patienceMs = 90_000;
const tabbingMs = 30_000;
let system: DashboardSystem;
let watched: WatchedPage;
let bills: BillsOfStates;

async function show(path: string): Promise<void> {
  await watched.page.goto(system.url + path);
  await watched.page.locator('main h1').waitFor({ state: 'attached' });
}

/** The focused element's text, for a journey without a mouse. */
function focused(): Promise<string> {
  return watched.page.evaluate(() => document.activeElement?.textContent ?? '');
}

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await watched.page.keyboard.press(key);
}

/** Goes by Tab until the focused element has this text. A part of the page may still be loading. */
async function tabTo(text: RegExp): Promise<void> {
  for (const untilMs = performance.now() + tabbingMs; performance.now() < untilMs; ) {
    if (text.test(await focused())) return;
    await press('Tab');
  }
  assert.fail(`no element with ${text} was reached by Tab; the last was ${await focused()}`);
}

/** Runs in the page: whether the next dialog is open as soon as it is in the document. */
function dialogOpensAtOnce(): Promise<boolean> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      const dialog = document.querySelector('dialog');
      if (dialog === null) return;
      observer.disconnect();
      resolve(dialog.open);
    });
    observer.observe(document.body, { childList: true, subtree: true });
  });
}

describe('the dashboard', () => {
  before(async () => {
    mkdirSync(join(projectDir, '.billcast', 'screenshots'), { recursive: true });
    bills = await addBillsInEveryState(test.database);
    system = await openDashboard({ database: test.database, folder });
    watched = await system.open('/');
    watched.page.setDefaultTimeout(patienceMs);
  });
  after(() => system?.close());

  it('shows the numbers of the database', async () => {
    await show('/');
    await watched.page.locator('.flow-wide .node').first().waitFor();
    for (const [state, expected] of Object.entries(billsByState)) {
      const shown = await watched.page.locator(`.flow-wide [data-count="${state}"]`).textContent();
      assert.equal(Number(shown?.replaceAll(',', '')), expected, state);
    }
    const [row] = await ask<[number]>(test.database, 'select count(*)::int from bill_notification');
    await watched.page.locator('.figure.large', { hasText: `of ${row?.[0]} bills` }).waitFor();
  });

  it('lets the keyboard alone find a bill, explain it, retry failures and settle a doubt', async () => {
    const { page } = watched;
    const failed = bills.FAILED[0] ?? '';
    await show('/');
    await press('/');
    await page.keyboard.type(failed);
    await press('Enter');
    await page.locator('h1', { hasText: failed }).waitFor();
    await page.locator('.page-head', { hasText: /Failed/ }).waitFor();
    await page.locator('.standing p').first().waitFor();

    await page.evaluate(() => document.activeElement instanceof HTMLElement && document.activeElement.blur());
    await press('g', 'f');
    await page.locator('table.data tbody tr').first().waitFor();
    await press('j');
    assert.match(await focused(), /SMS_REFUSED|NO_CONTACT/);
    await tabTo(/^Retry these/);
    await press('Enter');
    await page.locator('dialog input[name=reason]').focus();
    await page.keyboard.type('addresses corrected');
    await press('Enter');
    await page.waitForURL(/\/actions\/[0-9a-f-]{36}$/);
    await page.locator('.action-done').waitFor();

    await press('g', 'u');
    await page.locator('table.data tbody tr').first().waitFor();
    await tabTo(/^Settle/);
    await press('Enter');
    await page.locator('dialog input[type=radio]').first().focus();
    await press('Space');
    await tabTo(/^Look first/);
    await press('Enter');
    await page.locator('dialog input[name=reason]').focus();
    await page.keyboard.type('the provider has it');
    await press('Enter');
    await page.waitForURL(/\/actions\/[0-9a-f-]{36}$/);
    await eventually(async () => {
      const states = await Promise.all(bills.IN_DOUBT.map((id) => statusOf(test.database, billIdOf(id))));
      return states.filter((state) => state === 'DELIVERED').length === 1;
    });
  });

  it("finds a member's bills by the e-mail address, which stays out of the page's address", async () => {
    const { page } = watched;
    const config = loadConfig({});
    const billId = billIdOf(bills.DELIVERED[1] ?? '');
    const revealed = await revealBill({ config, database: test.database }, { billId });
    const walk = await openContactWalk({ config, database: test.database });
    assert.ok(walk);
    while (!(await hashNextContacts(walk, 500)).isLast);
    await show('/search');
    await page.locator('input[name=member]').fill(revealed?.values.email?.toUpperCase() ?? '');
    await press('Enter');
    await page.locator('table.data', { hasText: billId }).waitFor();
    assert.equal(new URL(page.url()).search, '');
    await page.locator('input[name=member]').fill('nobody@example.com');
    await press('Enter');
    await page.getByRole('status').filter({ hasText: 'No member has this contact.' }).waitFor();
    assert.equal(await page.locator('table.data').count(), 0);
  });

  it('pauses in two clicks that say what they do, and shows it on every page', async () => {
    const { page } = watched;
    await show('/providers');
    const isOpenAtOnce = page.evaluate(dialogOpensAtOnce);
    await page.getByRole('button', { name: /^Pause sending/ }).click();
    assert.equal(await isOpenAtOnce, true, 'a key pressed before the dialog is open would go to the page');
    await page.locator('dialog', { hasText: 'cannot be called back' }).waitFor();
    await page.locator('dialog').getByRole('button', { name: 'Pause sending' }).click();
    await page.locator('.top', { hasText: 'Sending is paused' }).waitFor();
    const [row] = await ask<[boolean]>(test.database, `select count(*) > 0 from control`);
    assert.equal(row?.[0], true);
  });

  it('pauses a run with a reason, and says on every page that it holds', async () => {
    const { page } = watched;
    await startedRun(test.database, {
      id: '2026-11',
      selection: { month: '2026-11' },
      canary: { percent: 1 },
      bills: 100,
    });
    await show('/runs');
    await page.getByRole('link', { name: '2026-11' }).click();
    await page.getByRole('button', { name: /^Pause the run/ }).click();
    await page.locator('dialog input[name=reason]').fill('wrong due date');
    await page.locator('dialog').getByRole('button', { name: 'Pause the run' }).click();
    await page.locator('.run-paused').waitFor();
    await page.getByRole('button', { name: /^Resume the run/ }).waitFor();
    const place = await page.evaluate(() => document.activeElement?.tagName);
    assert.notEqual(place, 'BODY', 'the button that was pressed is gone, and the focus with it');
    await show('/providers');
    await page.locator('.banner', { hasText: 'Run 2026-11 holds: a person paused it.' }).waitFor();
  });

  it('shows what providers answer as text', async () => {
    const { page } = watched;
    await show(`/bills/${bills.DELIVERED[0]}`);
    await show(`/bills/${bills.IN_DOUBT[2]}`);
    await page.locator('.timeline', { hasText: '<img src=x' }).waitFor();
    assert.equal(await page.locator('main img, main script').count(), 0);
    assert.notEqual(await page.title(), 'run');
  });

  it('shows a preview in a frame that can run nothing', async () => {
    const { page } = watched;
    await show(`/bills/${bills.DELIVERED[0]}`);
    await page.getByRole('button', { name: 'Page', exact: true }).click();
    const frame = page.locator('iframe');
    await frame.waitFor();
    assert.equal(await frame.getAttribute('sandbox'), '');
    await page.frameLocator('iframe').locator('table').first().waitFor();
  });

  it('has nothing for axe to find, in both languages, schemes and on a phone', async () => {
    const paths = [
      '/',
      '/failures',
      '/search?state=DELIVERED',
      `/bills/${bills.FAILED[1]}`,
      '/doubts',
      '/actions',
    ];
    const others = ['/dead-letters', '/providers', '/dispatchers', '/audit', '/runs/2026-11', '/plan-run'];
    for (const [index, path] of [...paths, ...others].entries()) {
      const isOdd = index % 2 === 1;
      await watched.page.emulateMedia({ colorScheme: isOdd ? 'dark' : 'light' });
      await watched.page.setViewportSize(isOdd ? { width: 360, height: 800 } : { width: 1440, height: 900 });
      await show(path);
      await watched.page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
      const { violations } = await new AxeBuilder({ page: watched.page }).analyze();
      assert.deepEqual(
        violations.map(({ id, nodes }) => `${path} ${id} ${nodes.map(({ html }) => html).join()}`),
        [],
      );
      const overflow = await watched.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(overflow <= 0, `${path} is ${overflow} px too wide`);
    }
  });

  it('fits on a phone in both languages, and leaves two thirds of it to what is read', async () => {
    const phone = { width: 360, height: 640 };
    const [action] = await ask<[string]>(test.database, 'select id::text from bill_action limit 1');
    const ids: Readonly<Record<string, string | undefined>> = {
      bill: bills.FAILED[1],
      run: '2026-11',
      action: action?.[0],
    };
    for (const locale of ['en-GB', 'ko-KR']) {
      const { page, faults } = await system.open('/', { viewport: phone, locale });
      page.setDefaultTimeout(patienceMs);
      for (const path of pages.map((known) => known.path.replace(':id', ids[known.name] ?? ''))) {
        await page.goto(system.url + path);
        await page.locator('.sending').waitFor();
        await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
        const { width, main } = await page.evaluate(() => ({
          width: document.documentElement.scrollWidth,
          main: document.querySelector('main')?.offsetTop ?? Number.POSITIVE_INFINITY,
        }));
        assert.ok(width <= phone.width, `${locale} ${path} is ${width} px wide`);
        assert.ok(main <= phone.height / 3, `${locale} ${path} begins at ${main} px`);
      }
      await page.close();
      assert.deepEqual(faults, []);
    }
  });

  it('asked no other host, and broke no policy', () => {
    assert.deepEqual(watched.faults, []);
  });
});
