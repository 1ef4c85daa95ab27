import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { ask, askValue } from '../support/ask.ts';
import { addBillsInEveryState, type BillsOfStates } from '../support/billsInEveryState.ts';
import { type DashboardSystem, openDashboard, type WatchedPage } from '../support/dashboardSystem.ts';
import { startedRun } from '../support/startedRun.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const folder = useTemporaryFolder();
// A machine of two cores may run a cluster of another test beside Chromium.
const patienceMs = 90_000;
const tabbingMs = 30_000;
const focusMs = 10_000;
let system: DashboardSystem;
let watched: WatchedPage;
let bills: BillsOfStates;

async function press(...keys: readonly string[]): Promise<void> {
  for (const key of keys) await watched.page.keyboard.press(key);
}

/** What has the focus, as a person sees it. Empty: nothing has it, or nothing shows that it has. */
function focused(): Promise<string> {
  return watched.page.evaluate(() => {
    const { activeElement: element, body } = document;
    if (!(element instanceof HTMLElement) || element === body) return '';
    if (getComputedStyle(element).outlineStyle === 'none') return '';
    const label = element.getAttribute('aria-label') ?? element.closest('label')?.textContent;
    return `${element.tagName} ${label ?? element.textContent}`;
  });
}

/** The focus moves when the page is drawn, which is a moment after the key. */
async function assertFocus(what: RegExp): Promise<void> {
  const untilMs = performance.now() + focusMs;
  let now = await focused();
  while (!what.test(now) && performance.now() < untilMs) now = await focused();
  assert.match(now, what, `the focus is not there, but on: ${now}`);
}

/**
 * Goes by Tab from where the focus is, through the page again and again: a part of it may still be loading.
 */
async function tabTo(what: RegExp, key = 'Tab'): Promise<void> {
  for (const untilMs = performance.now() + tabbingMs; performance.now() < untilMs; ) {
    await press(key);
    const now = await focused();
    if (what.test(now)) return;
  }
  assert.fail(`no element ${what} was reached by ${key}; the last was ${await focused()}`);
}

async function goBy(letter: string, title: RegExp): Promise<void> {
  await press('g', letter);
  await watched.page.locator('main h1', { hasText: title }).waitFor({ state: 'attached' });
  await watched.page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' });
}

async function said(text: string): Promise<void> {
  await watched.page.locator('[role=status].unseen', { hasText: text }).waitFor({ state: 'attached' });
}

/** Opens the bill by `/`. */
async function findBill(id: string): Promise<void> {
  await press('/');
  await watched.page.keyboard.type(id);
  await press('Enter');
  await watched.page.locator('h1', { hasText: id }).waitFor();
  await watched.page.locator('.timeline, .standing').first().waitFor();
}

async function shown(text: string | RegExp, within = 'main'): Promise<void> {
  await watched.page.locator(within, { hasText: text }).waitFor();
}

/** Waits until no dialog is left. */
async function closed(): Promise<void> {
  await watched.page.locator('dialog').waitFor({ state: 'detached' });
}

/** A run whose bills are all accepted, as the run keeper leaves it. */
async function addDoneRun(): Promise<void> {
  const { database } = test;
  const ids = bills.DELIVERED;
  const { run } = await startedRun(database, {
    id: 'november',
    selection: { month: '2026-11' },
    bills: ids.length,
  });
  await ask(
    database,
    `update run set state = 'DONE', previous_state = state, done_at = now() where number = $1`,
    [run],
  );
  const ofRun = 'update bill_notification set run = $1 where bill_id = any($2::bigint[])';
  await ask(database, ofRun, [run, ids]);
  await ask(database, `update delivery_attempt set provider = 'simulated' where provider_id is not null`);
}

describe('the dashboard by keyboard alone', () => {
  before(async () => {
    bills = await addBillsInEveryState(test.database);
    await addDoneRun();
    system = await openDashboard({ database: test.database, folder });
    await fetch(`${system.url}/api/v1/runs/november/manifests`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{}',
    });
    watched = await system.open('/');
    watched.page.setDefaultTimeout(patienceMs);
    await watched.page.locator('.flow-wide .node').first().waitFor();
  });
  after(() => system?.close());

  it('compares a statement, makes another manifest and signs a run', async () => {
    const { page } = watched;
    await goBy('r', /Runs/);
    await press('j');
    await assertFocus(/^A november$/);
    await press('Enter');
    await page.locator('h1', { hasText: 'november' }).waitFor();
    await said('Run november');
    await assertFocus(/^(H1|MAIN) /);

    await tabTo(/^INPUT Provider/);
    await page.keyboard.type('simulated');
    await tabTo(/^INPUT CSV file/);
    const chooser = page.waitForEvent('filechooser');
    await press('Space');
    await (await chooser).setFiles({
      name: 'their.csv',
      mimeType: 'text/csv',
      buffer: Buffer.from(`Nr,Preis\nsim-${bills.DELIVERED[0]},13\nsim-none,13\n`),
    });
    await tabTo(/^BUTTON Compare/);
    await press('Enter');
    await page.getByRole('alert').filter({ hasText: 'their.csv has the columns Nr, Preis' }).waitFor();
    await assertFocus(/^BUTTON Compare/);
    await tabTo(/^INPUT Column of the price/, 'Shift+Tab');
    await page.keyboard.type('Preis');
    await tabTo(/^INPUT Column of the provider's id/, 'Shift+Tab');
    await page.keyboard.type('Number');
    await tabTo(/^BUTTON Compare/);
    await press('Enter');
    await page.getByRole('alert').filter({ hasText: 'their.csv has no column Number' }).waitFor();
    await tabTo(/^INPUT Column of the provider's id/, 'Shift+Tab');
    await page.keyboard.type('Nr');
    await tabTo(/^BUTTON Compare/);
    await press('Enter');
    await said('The statement is compared and kept.');
    await assertFocus(/^BUTTON Compare/);
    assert.equal(await page.getByRole('alert').count(), 0);
    assert.deepEqual(
      await askValue(
        test.database,
        `select array[facts ->> 'matched', facts ->> 'theirCost'] from provider_statement`,
      ),
      ['1', '26'],
    );

    await tabTo(/^BUTTON Make another one/, 'Shift+Tab');
    await press('Enter');
    await assertFocus(/^BUTTON Cancel/);
    await press('Escape');
    await closed();
    await assertFocus(/^BUTTON Make another one/);
    await press('Enter');
    await tabTo(/^BUTTON Make another one/);
    await press('Enter');
    await said('The manifest is made.');
    await assertFocus(/^BUTTON Make another one/);

    await tabTo(/^BUTTON Sign the report/, 'Shift+Tab');
    await press('Enter');
    await assertFocus(/^INPUT Reason/);
    await page.keyboard.type('looked at it');
    await press('Enter');
    await said('The report is signed.');
    await closed();
    await shown('Closed');
    await page.locator('button', { hasText: 'Sign the report' }).waitFor({ state: 'detached' });
    await assertFocus(/^(H1|MAIN|BUTTON|A) /);
    assert.equal(await askValue(test.database, `select state from run where id = 'november'`), 'CLOSED');
  });

  it('pauses, resumes and releases a brake', async () => {
    await goBy('p', /Providers/);
    await press('p');
    await assertFocus(/^INPUT Reason/);
    await press('Escape');
    await closed();
    await assertFocus(/./);
    await press('p');
    await watched.page.keyboard.type('a look');
    await press('Enter');
    await said('Sending is paused.');
    await shown('Sending is paused', '.top');
    await assertFocus(/./);
    await press('p');
    await press('Enter');
    await said('Sending is on again.');

    await ask(
      test.database,
      `insert into brake (channel, kind, cause, since, set_by)
       values ('EMAIL', 'settings', 'HTTP 402: no credit', now(), 'dispatcher a')
       on conflict (channel) do update set kind = 'settings', cause = 'HTTP 402: no credit', since = now()`,
    );
    await watched.page.locator('button', { hasText: 'Release' }).waitFor();
    await tabTo(/^BUTTON Release/);
    await press('Enter');
    await watched.page.keyboard.type('credit bought');
    await press('Enter');
    await said('The brake is released.');
    await watched.page.locator('button', { hasText: 'Release' }).waitFor({ state: 'detached' });
    await assertFocus(/^(H1|MAIN) /);
  });

  it('reveals a contact and hides it, sends a bill again, and cancels another', async () => {
    await findBill(bills.DELIVERED[2] ?? '');
    await tabTo(/^BUTTON Reveal contact/);
    await press('Enter');
    await assertFocus(/^INPUT Reason/);
    await press('Enter');
    await assertFocus(/^INPUT Reason/);
    await watched.page.keyboard.type('asked by phone');
    await press('Enter');
    await shown('Member', '.revealed');
    await closed();
    await assertFocus(/^BUTTON Hide/);
    await press('Enter');
    await assertFocus(/^BUTTON Reveal contact/);

    for (const [id, button] of [
      [bills.DELIVERED[3] ?? '', /^BUTTON Send again/],
      [bills.PENDING[0] ?? '', /^BUTTON Cancel/],
    ] as const) {
      await findBill(id);
      await tabTo(button);
      await press('Enter');
      await watched.page.locator('dialog input[name=reason]').waitFor();
      await tabTo(/^INPUT Reason/);
      await watched.page.keyboard.type('asked by phone');
      await press('Enter');
      await watched.page.waitForURL(/\/actions\/[0-9a-f-]{36}$/);
      await closed();
      await watched.page.locator('.action-done').waitFor();
      await assertFocus(/^(H1|MAIN) /);
    }
    const states = `select string_agg(cycle || send_status, ',' order by send_status) from bill_notification
      where bill_id = any($1::bigint[])`;
    assert.equal(
      await askValue(test.database, states, [[bills.DELIVERED[3], bills.PENDING[0]]]),
      '1CANCELLED,2PENDING',
    );
  });

  it('looks at a dead letter, and asks whether to put it back', async () => {
    await goBy('l', /Dead letters/);
    await press('j');
    await press('Enter');
    await shown('Key', 'dialog');
    await press('Escape');
    await closed();
    await assertFocus(/^BUTTON Look/);
    await tabTo(/^BUTTON Replay/);
    await press('Enter');
    await assertFocus(/^INPUT Reason/);
    await press('Escape');
    await closed();
    await assertFocus(/^BUTTON Replay/);
  });

  it('is told in the dialog what is wrong, in Korean', async () => {
    await goBy('k', /Tokens/);
    await tabTo(/^BUTTON 한국어/, 'Shift+Tab');
    await press('Enter');
    await goBy('k', /토큰/);
    await tabTo(/^BUTTON 토큰/);
    await press('Enter');
    await assertFocus(/^INPUT 이름/);
    await watched.page.keyboard.type('kim');
    await tabTo(/^INPUT .*숫자, 상태/);
    await press('Space');
    await tabTo(/^INPUT 사유/);
    await watched.page.keyboard.type('new in the team');
    await press('Enter');
    const alert = watched.page.locator('dialog [role=alert]');
    await alert.filter({ hasText: 'API_TOKENS가 없어' }).waitFor();
    await alert.filter({ hasText: '요청에 허용되지 않는 값' }).waitFor();
    await assertFocus(/^INPUT 사유/);
    await press('Escape');
    await closed();
    await assertFocus(/^BUTTON 토큰/);
    await tabTo(/^BUTTON English/, 'Shift+Tab');
    await press('Enter');
  });

  it('lets a suppressed address be tried again', async () => {
    const [id] = bills.DELIVERED;
    await ask(
      test.database,
      `insert into suppression (channel, address_hash, member_id, bill_id, reason, added_by)
       select 'EMAIL', 'k1:00', member_id, bill_id, 'bounced_hard', 'receipt' from bill_notification
       where bill_id = $1`,
      [id],
    );
    await goBy('b', /Suppressions/);
    await tabTo(/^BUTTON Reactivate/);
    await press('Enter');
    await assertFocus(/^INPUT Reason/);
    await watched.page.keyboard.type('it was mended');
    await press('Enter');
    await said('The address is tried again.');
    await closed();
    await assertFocus(/^(H1|MAIN|BUTTON|A) /);
    assert.ok(await askValue(test.database, `select lifted_at is not null from suppression`));
  });

  it('plans a run, approves and starts it', async () => {
    const { page } = watched;
    await goBy('r', /Runs/);
    await tabTo(/^A Plan a run/);
    await press('Enter');
    await page.locator('h1', { hasText: 'Plan a run' }).waitFor();
    await tabTo(/^INPUT Month/);
    await page.keyboard.type('2026');
    await press('ArrowRight');
    await page.keyboard.type('11');
    await tabTo(/^BUTTON Make the forecast/);
    await press('Enter');
    await page.getByRole('button', { name: 'Make it again' }).waitFor();
    await tabTo(/^BUTTON Plan this run/);
    await press('Enter');
    await page.locator('h1', { hasText: '2026-11' }).waitFor();
    for (const [button, state] of [
      ['Approve', 'APPROVED'],
      ['Start', 'RUNNING'],
    ] as const) {
      await page.getByRole('button', { name: button, exact: false }).first().waitFor();
      await tabTo(new RegExp(`^BUTTON ${button}`));
      await press('Enter');
      await assertFocus(/^BUTTON Cancel/);
      await tabTo(new RegExp(`^BUTTON ${button}`));
      await press('Enter');
      await closed();
      await assertFocus(/^(H1|MAIN|BUTTON|A) /);
      assert.equal(await askValue(test.database, `select state from run where id = '2026-11'`), state);
    }
  });

  it('leaves the search by Escape, and shows its keys', async () => {
    await press('g', 'o');
    await press('/');
    await assertFocus(/^INPUT .*Find a bill|^INPUT/);
    await press('Escape');
    await assertFocus(/^(H1|MAIN) /);
    await press('?');
    await shown('j / k', 'dialog');
    await press('Escape');
    await closed();
    await assertFocus(/^(H1|MAIN) /);
    const faults = watched.faults.filter((fault) => !/status of 400/.test(fault));
    assert.deepEqual(faults, []);
  });
});
