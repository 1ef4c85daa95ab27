import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isId } from '../../../src/dashboard/app/idText.ts';

describe('an id of the billing system', () => {
  it('is told from an address and from a phone number, whatever its kind', () => {
    const ids = {
      bigint: ['1', '9007199254740991'],
      uuid: ['42', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', '3F2504E0-4F89-41D3-9A0C-0305E82C3301'],
      text: ['42', 'INV-2026/7', '2026-001', '0001-A'],
    };
    for (const kind of ['bigint', 'uuid', 'text'] as const) {
      for (const id of ids[kind]) assert.equal(isId(id, kind), true, `${kind} ${id}`);
      for (const text of ['', '01012345678', '+821012345678', '010-1234-5678', 'hong@example.com']) {
        assert.equal(isId(text, kind), false, `${kind} ${text}`);
      }
    }
    assert.equal(isId('INV-1', 'bigint'), false);
    assert.equal(isId('INV-1', 'uuid'), false);
  });
});
