import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findPage, pages } from '../../../src/dashboard/app/pageList.ts';

describe('the pages', () => {
  it('are found by their address', () => {
    assert.equal(findPage('/')?.page.name, 'overview');
    assert.deepEqual([findPage('/bills/42')?.page.name, findPage('/bills/42')?.id], ['bill', '42']);
    assert.equal(findPage('/actions')?.page.name, 'actions');
    assert.equal(findPage('/actions/a-b')?.page.name, 'action');
    assert.equal(findPage('/bills/1/2'), undefined);
    assert.equal(findPage('/nothing'), undefined);
  });

  it('have a letter each', () => {
    const letters = pages.flatMap(({ letter }) => (letter === null ? [] : [letter]));
    assert.equal(new Set(letters).size, letters.length);
  });
});
