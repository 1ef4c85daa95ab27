import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { FailureReason } from '../../../src/bill.ts';
import {
  type Channel,
  channelNames,
  type RefusedReason,
  refusedReason,
  type SuppressedReason,
} from '../../../src/channels.ts';
import { becauseOf, failureReasons, remedyOf } from '../../../src/operations/explain/reasons.ts';
import type { SendAnswer } from '../../../src/providers/provider.ts';
import { ask } from '../../support/ask.ts';
import { emptyTables, insertNotification, readNotification } from '../../support/notifications.ts';
import { recordOf } from '../../support/records.ts';
import { createFakeRenderPool, createTestPipeline } from '../../support/testPipeline.ts';
import { createFakeProvider } from '../../support/testProviders.ts';
import { useTestDatabase } from '../../support/useTestDatabase.ts';

const db = useTestDatabase();
beforeEach(() => emptyTables(db.database));

interface Cause {
  readonly channel: Channel;
  /** The provider's answer. Undefined: rendering gives the reason. */
  readonly answer?: SendAnswer;
}

/**
 * A person's verdict comes from `billcast resolve`, the database's refusal is in statementFaults.test.ts, and
 * suppressed addresses are in skipUnwanted.test.ts.
 */
type PipelineReason = Exclude<FailureReason, SuppressedReason | 'GIVEN_UP' | 'DATABASE_REFUSED'>;

const refused: SendAnswer = { kind: 'refused', reason: 'HTTP_422' };
const refusals = Object.fromEntries(
  channelNames.map((channel) => [refusedReason(channel), { channel, answer: refused }]),
) as Readonly<Record<RefusedReason, Cause>>;
const causes: Readonly<Record<PipelineReason, Cause>> = {
  BILL_INCOMPLETE: { channel: 'EMAIL' },
  CIPHER_FAILED: { channel: 'EMAIL' },
  TEMPLATE_FAILED: { channel: 'EMAIL' },
  RENDER_CRASHED: { channel: 'EMAIL' },
  NO_CONTACT: { channel: 'SMS' },
  NOTHING_DUE: { channel: 'SMS' },
  ...refusals,
  ATTEMPTS_EXHAUSTED: { channel: 'EMAIL', answer: { kind: 'notSent', reason: 'HTTP_503' } },
  PROVIDER_REJECTS_BILL: {
    channel: 'EMAIL',
    answer: { kind: 'misconfigured', reason: 'HTTP_403', scope: 'settingsOrBill' },
  },
};

function isPipelineReason(reason: FailureReason): reason is PipelineReason {
  return Object.hasOwn(causes, reason);
}

describe('every reason of a failure', () => {
  for (const reason of failureReasons.filter(isPipelineReason)) {
    it(`${reason} comes out of the pipeline, and explain knows it`, async () => {
      const row = await carryInto(reason, causes[reason]);
      assert.equal(row.reason, reason);
      assert.equal(row.sendStatus, reason === 'EMAIL_REFUSED' ? 'PENDING' : 'FAILED');
      assert.equal(row.publishStatus, 'PENDING', 'its SMS turn or its dead letter is owed');
      assert.doesNotMatch(becauseOf(row.reason) ?? '', /the reason was|^$/);
      assert.notEqual(remedyOf(row.reason), remedyOf(null));
    });
  }
});

/** A bill that was tried for two days, and what then goes wrong with it. */
async function carryInto(reason: PipelineReason, { channel, answer }: Cause) {
  const passed = channelNames.filter((other) => other !== channel && channel !== 'EMAIL');
  const { billId } = await insertNotification(db.database, { channel, passed, attempts: 4 });
  await ask(db.database, `update bill_notification set tried_ms = 2 * 86400000`);
  const unpreparable = { kind: 'unpreparable', reason: preparationOf(reason), detail: 'a test' } as const;
  const pipeline = await createTestPipeline(db.database, {
    ...(answer === undefined
      ? { renderPool: createFakeRenderPool(async (_channel, bills) => bills.map(() => unpreparable)) }
      : { provider: createFakeProvider({ send: async () => answer }) }),
  });
  const record = recordOf(billId);
  pipeline.receive(channel, [record]);
  await record.whenDone;
  await pipeline.stop();
  return readNotification(db.database, billId);
}

function preparationOf(reason: PipelineReason) {
  return reason === 'ATTEMPTS_EXHAUSTED' || reason === 'PROVIDER_REJECTS_BILL' || isRefusal(reason)
    ? 'RENDER_CRASHED'
    : reason;
}

function isRefusal(reason: FailureReason): reason is RefusedReason {
  return Object.hasOwn(refusals, reason);
}
