import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { addBillsInEveryState } from '../support/billsInEveryState.ts';
import { type DashboardSystem, openDashboard } from '../support/dashboardSystem.ts';
import { useTemporaryFolder } from '../support/temporaryFolder.ts';
import { everyToken, tokenOf } from '../support/testApi.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const test = useTestDatabase();
const folder = useTemporaryFolder();

describe('signing in', () => {
  let system: DashboardSystem;
  before(async () => {
    await addBillsInEveryState(test.database);
    system = await openDashboard({
      database: test.database,
      folder,
      environment: { API_TOKENS: everyToken },
    });
  });
  after(() => system?.close());

  it('shows nothing before, and to a viewer no more than a viewer may see', async () => {
    const { page } = await system.open('/');
    await page.locator('#token').waitFor();
    assert.equal(await page.locator('.side, .flow').count(), 0);
    await page.locator('#token').fill('a wrong one');
    await page.keyboard.press('Enter');
    await page.locator('[role=alert]').waitFor();
    await page.locator('#token').fill(tokenOf('viewer'));
    await page.keyboard.press('Enter');
    await page.locator('.flow-wide [data-count=DELIVERED]', { hasText: '30' }).waitFor();
    assert.equal(await page.locator('.top button.sending').count(), 0);
    assert.equal(await page.locator('.side a[href="/audit"]').count(), 0);
    await page.locator('.side a[href="/failures"]').click();
    await page.locator('table.data tbody tr').first().waitFor();
    assert.equal(await page.getByRole('button', { name: /Retry/ }).count(), 0);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.locator('#token').waitFor();
  });
});
