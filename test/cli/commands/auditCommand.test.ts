import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { auditText } from '../../../src/cli/commands/auditCommand.ts';

const at = new Date('2026-11-10T03:00:00Z');
const sum = { who: 'ann', what: 'reveal', count: 2, bills: 2, refused: 1, offHours: 0, before: true };
const chain = { intact: true, records: 1_200, brokenAt: null, head: 'ab12' };
const report = { month: '2026-11', asOf: at, chain, unusual: [], people: [] };

describe('the audit report', () => {
  it('has the chain first, then what is unusual, then everybody', () => {
    const text = auditText({
      ...report,
      unusual: [{ who: 'ann', what: 'reveal', count: 1, why: 'was not allowed to, and tried' }],
      people: [{ ...sum, firstAt: at, lastAt: at }],
    });
    assert.match(text, /1,200 records is intact; its end is ab12/);
    assert.match(text, /ann {2}reveal {2}once {2}was not allowed to, and tried/);
    assert.match(text, /ann {2}reveal {2}2 times, 2 bills, refused once/);
  });

  it('says that the chain is broken, and where', () => {
    assert.match(
      auditText({ ...report, chain: { ...chain, intact: false, brokenAt: '7' } }),
      /THE CHAIN IS BROKEN at record 7/,
    );
    assert.match(auditText(report), /Nothing is unusual\.\n\nNobody/);
  });
});
