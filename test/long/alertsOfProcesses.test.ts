import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createKafkajsConsumer } from '../../src/consumer/intake/kafkajsConsumer.ts';
import { times, useAlertSystem } from '../support/alertSystem.ts';
import { silentLog } from '../support/capturedLog.ts';

/**
 * Each alert about processes that are gone, hang or wait fires in the fault that causes it, and ends with it.
 * With times divided by 20 the file takes less than 10 minutes.
 */
describe(`the alerts of processes, times divided by ${times}`, async () => {
  const { alerts, skip } = await useAlertSystem();

  it('tell of a dispatcher that hangs', { skip }, async () => {
    const [, second] = alerts.dispatchers;
    second?.signal('SIGSTOP');
    await alerts.fires(['BillcastDispatcherSilent'], {
      with: ['BillcastWatermarkStuck'],
      async heal() {
        await second?.kill();
        await alerts.startSecond();
      },
    });
  });

  it('tell that nobody sends', { skip }, async () => {
    for (const dispatcher of alerts.dispatchers) await dispatcher.kill();
    await alerts.system().publish(300);
    await alerts.fires(['BillcastNoDispatcher'], {
      with: ['BillcastDispatcherSilent'],
      async heal() {
        await Promise.all([alerts.startFirst(), alerts.startSecond()]);
        await alerts.settled();
      },
    });
  });

  it('tell of events that nobody takes', { skip }, async () => {
    const hung = await startHungConsumer();
    await alerts.system().publish(300);
    await alerts.fires(['BillcastStuck'], {
      async heal() {
        await hung.stop();
        await alerts.settled();
      },
    });
  });

  it('tell of an api that is gone', { skip }, async () => {
    await alerts.stopApi();
    await alerts.fires(['BillcastApiGone'], { heal: alerts.startApi });
  });

  it('tell of a relay that makes no progress', { skip }, async () => {
    await alerts.system().database.withConnection(async (connection) => {
      await connection.run('begin');
      await connection.run('lock table lease in access exclusive mode');
      await alerts.fires(['BillcastRelaySilent'], {
        with: ['BillcastCountsOld', 'BillcastSweeperSilent'],
        heal: () => connection.run('rollback'),
      });
    });
  });

  /** A member of the group that is alive for Kafka, and does nothing. */
  async function startHungConsumer(): Promise<{ stop(): Promise<void> }> {
    const { kafka, config } = alerts.system();
    const { groupId, topics } = config.kafka;
    const hung = createKafkajsConsumer(
      { kafka, groupId, sessionTimeoutMs: 10_000, maxBytesPerPartition: 1_000, log: silentLog },
      () => ({ partitions: {}, sinceMs: 0 }),
    );
    await hung.connect();
    await hung.subscribe({ topics: [topics.EMAIL, topics.SMS] });
    const { promise: joined, resolve } = Promise.withResolvers<void>();
    hung.on('consumer.group_join', () => resolve());
    const healed = new AbortController();
    await hung.run({
      autoCommit: false,
      eachBatch: async ({ heartbeat }) => {
        while (!healed.signal.aborted) {
          await heartbeat();
          await sleep(500);
        }
      },
    });
    await joined;
    return {
      async stop() {
        healed.abort();
        await Promise.race([hung.disconnect(), sleep(15_000)]);
      },
    };
  }
});
