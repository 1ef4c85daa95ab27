import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { toldOf } from '../../../src/api/told/toldOf.ts';
import { headsToChoose } from '../../../src/dashboard/runs/statementsPanel.ts';

function headsFor(detail: string): readonly string[] | undefined {
  const trouble = { code: 'REQUEST_INVALID', title: 'x', status: 400 };
  return headsToChoose({ ...trouble, detail, detailTold: toldOf(detail) });
}

describe('the columns of a statement', () => {
  it('are asked for if the file has none that is known, or not the one that was named', () => {
    const none = 'a.csv has the columns Nr, Preis, Nr: say which one is the id or our key, such as id=Nr';
    assert.deepEqual(headsFor(none), ['Nr', 'Preis']);
    assert.deepEqual(headsFor('a.csv has no column No: it has Nr, Preis'), ['Nr', 'Preis']);
  });

  it('are asked for if the wrong one was taken for the price', () => {
    assert.deepEqual(headsFor('line 2 of the statement: the cost x is no number'), []);
  });

  it('are not asked for if something else is wrong', () => {
    assert.equal(headsFor('a.csv cannot be read as CSV: no quote'), undefined);
    assert.equal(headsToChoose({ code: 'FAULT', title: 'x', status: 500 }), undefined);
  });
});
