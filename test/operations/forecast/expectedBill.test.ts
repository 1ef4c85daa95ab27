import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { afterObstacle, type Obstacle } from '../../../src/operations/forecast/expectedBill.ts';
import { standardLadder } from '../../support/standardLadder.ts';

const first = { channel: 'EMAIL', passed: null } as const;
const last = { channel: 'SMS', passed: ['EMAIL'] } as const;
const noContact: Obstacle = {
  kind: 'unpreparable',
  reason: 'NO_CONTACT',
  detail: 'there is no e-mail address',
};

describe('a bill that cannot go out by a channel', () => {
  it('goes on by the next one without a contact, or if its address is not tried any more', () => {
    assert.deepEqual(afterObstacle(standardLadder, first, noContact), {
      from: 'EMAIL',
      to: 'SMS',
      why: 'noContact',
    });
    assert.deepEqual(afterObstacle(standardLadder, first, { kind: 'unwanted', why: 'suppressed' }), {
      from: 'EMAIL',
      to: 'SMS',
      why: 'suppressed',
    });
  });

  it('fails with the reason that it would have on the path', () => {
    const reasons = (['refused', 'suppressed'] as const).map((why) =>
      afterObstacle(standardLadder, last, { kind: 'unwanted', why }),
    );
    assert.deepEqual(
      reasons.map((end) => 'reason' in end && end.reason),
      ['SMS_REFUSED', 'SMS_SUPPRESSED'],
    );
    const detail = 'bill.dueDate is missing or not usable';
    const incomplete: Obstacle = { kind: 'unpreparable', reason: 'BILL_INCOMPLETE', detail };
    assert.deepEqual(afterObstacle(standardLadder, first, incomplete), {
      kind: 'fails',
      channel: 'EMAIL',
      reason: 'BILL_INCOMPLETE',
      detail,
    });
    assert.equal('reason' in afterObstacle(standardLadder, last, noContact), true);
  });
});
