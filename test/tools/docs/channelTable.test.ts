import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { withChannels } from '../../../tools/docs/channelTable.ts';
import { readPage } from '../../support/documentPages.ts';

describe('the table of channels', () => {
  it('in docs/channels.md says what the code says: `npm run docs` writes it', () => {
    const page = readPage('docs/channels.md');
    assert.equal(withChannels(page), page);
    assert.match(
      page,
      /^\| `ALIMTALK` \| the member's phone number \| `alimtalk\.txt`, or `sms\.txt` if .* \| kept \|$/m,
    );
  });

  it('refuses a document without the marks', () => {
    assert.throws(() => withChannels('# Channels'), RangeError);
  });
});
