import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkBills, type FinalRow } from '../../../tools/chaos/checker.ts';

function rowOf(row: Partial<FinalRow>): FinalRow {
  return {
    billId: '1',
    status: 'DELIVERED',
    channel: 'EMAIL',
    cycle: 1,
    comesAgain: false,
    ...row,
  };
}

function figuresOf(
  row: Partial<FinalRow>,
  keys: string[],
  doubtIsFinal = false,
  bounced = new Set<string>(),
) {
  const finalDoubts = new Set(doubtIsFinal ? ['EMAIL'] : []);
  const { lost, duplicated, untrue } = checkBills([rowOf(row)], keys, { finalDoubts, bounced });
  return { lost, duplicated, untrue };
}

const fine = { lost: 0, duplicated: 0, untrue: 0 };

describe('the account of a run', () => {
  it('has nothing to say of a bill that was accepted once, as its row says', () => {
    assert.deepEqual(figuresOf({}, ['1:EMAIL:1']), fine);
    assert.deepEqual(figuresOf({ channel: 'SMS', cycle: 2 }, ['1:SMS:2']), fine);
    assert.deepEqual(figuresOf({ status: 'FAILED' }, []), fine);
  });

  it('counts as duplicated what was accepted twice, by key, by channel or by cycle', () => {
    for (const second of ['1:EMAIL:1', '1:SMS:1', '1:EMAIL:2']) {
      assert.deepEqual(figuresOf({}, ['1:EMAIL:1', second]), { ...fine, duplicated: 1 });
    }
  });

  it('takes another attempt for no double after a bounce on record', () => {
    const bounced = new Set(['1:EMAIL:1']);
    const sms = { channel: 'SMS' };
    assert.deepEqual(figuresOf(sms, ['1:EMAIL:1', '1:SMS:1'], false, bounced), fine);
    assert.deepEqual(figuresOf({ status: 'FAILED', ...sms }, ['1:EMAIL:1'], false, bounced), fine);
    const twice = { ...fine, duplicated: 1 };
    assert.deepEqual(figuresOf(sms, ['1:SMS:1', '1:EMAIL:1'], false, bounced), twice);
    assert.deepEqual(figuresOf({ cycle: 2 }, ['1:EMAIL:1', '1:EMAIL:2'], false, bounced), fine);
    assert.deepEqual(figuresOf(sms, ['1:EMAIL:1', '1:SMS:1', '1:SMS:1'], false, bounced), twice);
    assert.deepEqual(figuresOf({}, ['1:EMAIL:1', '1:EMAIL:1'], false, bounced), twice);
  });

  it('counts as lost what is delivered without that very acceptance', () => {
    assert.deepEqual(figuresOf({}, []), { ...fine, lost: 1 });
    assert.deepEqual(figuresOf({ channel: 'SMS' }, ['1:EMAIL:1']), { ...fine, lost: 1 });
    assert.deepEqual(figuresOf({}, ['11:EMAIL:1']), { ...fine, lost: 1 });
  });

  it('counts as lost what has not come to its end', () => {
    for (const status of ['PENDING', 'SENDING', 'SENT']) {
      assert.deepEqual(figuresOf({ status }, []), { ...fine, lost: 1 });
    }
    assert.deepEqual(figuresOf({ status: 'FAILED', comesAgain: true }, []), { ...fine, lost: 1 });
  });

  it('accepts a doubt as an end only if nobody can settle it', () => {
    assert.deepEqual(figuresOf({ status: 'IN_DOUBT' }, ['1:EMAIL:1']), { ...fine, lost: 1 });
    assert.deepEqual(figuresOf({ status: 'IN_DOUBT' }, ['1:EMAIL:1'], true), fine);
    const ofOtherChannel = figuresOf({ status: 'IN_DOUBT', channel: 'SMS' }, ['1:SMS:1'], true);
    assert.deepEqual(ofOtherChannel, { ...fine, lost: 1 });
  });

  it('counts as untrue what is said to have failed and was accepted', () => {
    assert.deepEqual(figuresOf({ status: 'FAILED' }, ['1:SMS:1']), { ...fine, untrue: 1 });
    assert.deepEqual(figuresOf({ status: 'CANCELLED' }, ['1:EMAIL:1']), { ...fine, untrue: 1 });
  });

  it('counts the states, and names the bills it complains about', () => {
    const rows = ['DELIVERED', 'DELIVERED', 'FAILED', 'IN_DOUBT'].map((status, index) =>
      rowOf({ status, billId: String(index) }),
    );
    const account = checkBills(rows, ['0:EMAIL:1'], { finalDoubts: new Set(['EMAIL']), bounced: new Set() });
    const { delivered, failed, inDoubt, violations } = account;
    assert.deepEqual({ delivered, failed, inDoubt }, { delivered: 2, failed: 1, inDoubt: 1 });
    assert.deepEqual(violations, ['lost: bill 1 is DELIVERED by EMAIL in cycle 1, accepted: never']);
  });
});
