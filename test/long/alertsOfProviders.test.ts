import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { times, useAlertSystem } from '../support/alertSystem.ts';
import { noFaults } from '../support/testGateway.ts';

const refusedShare = 0.5;
const sendErrors = ['BillcastSendErrorsFast', 'BillcastSendErrorsSlow', 'BillcastSendErrorsLong'];

/**
 * Each alert about what providers answer fires in the fault that causes it, in none of a clean run, and ends
 * with the fault. With times divided by 20 the file takes less than 10 minutes.
 */
describe(`the alerts of providers, times divided by ${times}`, async () => {
  const { alerts, skip } = await useAlertSystem();

  it('do not fire in a clean run', { skip }, async () => {
    const fired = await alerts.firedDuring(async () => {
      await alerts.system().publish(2_000);
      await alerts.settled();
      await sleep(900_000 / times);
    });
    assert.deepEqual(fired, []);
  });

  it('tell of a provider that is away, by its brake', { skip }, async () => {
    await alerts.stopGateway();
    await alerts.system().publish(300);
    await alerts.fires(['BillcastBrakeOn'], {
      with: ['BillcastWatermarkStuck'],
      async heal() {
        await alerts.changeGateway();
        await alerts.settled();
      },
    });
  });

  it('tell of refused sends at each of their windows', { skip }, async () => {
    await alerts.changeGateway({ rates: { ...noFaults, refuse: refusedShare } });
    const healed = new AbortController();
    const flow = (async () => {
      for (; !healed.signal.aborted; await sleep(1_000)) await alerts.system().publish(50);
    })();
    await alerts.fires(sendErrors, {
      async heal() {
        healed.abort();
        await flow;
        await alerts.changeGateway();
        await alerts.settled();
      },
    });
  });

  it('tell of bills in doubt', { skip }, async () => {
    const answersLost = { rates: { ...noFaults, break: 0.1 }, lookup: 'no' } as const;
    await alerts.changeGateway(answersLost);
    await alerts.system().publish(300);
    await alerts.fires(['BillcastInDoubt'], {
      with: [...sendErrors, 'BillcastBrakeOn', 'BillcastWatermarkStuck'],
      async heal() {
        await alerts.changeGateway();
        await alerts.settled();
      },
    });
  });
});
