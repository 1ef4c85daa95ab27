import assert from 'node:assert/strict';
import { it } from 'node:test';
import { counted } from '../../src/lib/counted.ts';

it('one is said in the singular, all others in the plural', () => {
  const said = [0, 1, 1_200].map((count) => counted(count, 'bill'));
  assert.deepEqual(said, ['0 bills', '1 bill', '1,200 bills']);
  assert.equal(counted(2, 'try', 'tries'), '2 tries');
});
