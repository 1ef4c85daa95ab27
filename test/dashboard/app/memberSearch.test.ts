import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isMemberId } from '../../../src/dashboard/app/memberSearch.ts';

describe("the member's field", () => {
  it('tells an id from a contact', () => {
    for (const id of ['', '1', '9007199254740991']) assert.equal(isMemberId(id), true, id);
    for (const contact of ['01012345678', '+821012345678', '010-1234-5678', 'hong@example.com']) {
      assert.equal(isMemberId(contact), false, contact);
    }
  });
});
