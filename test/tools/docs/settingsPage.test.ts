import assert from 'node:assert/strict';
import { it } from 'node:test';
import { settingsPage } from '../../../tools/docs/settingsPage.ts';
import { readPage } from '../../support/documentPages.ts';

it('docs/settings.md says what the settings are: `npm run docs` writes it', () => {
  assert.equal(readPage('docs/settings.md'), settingsPage(readPage('.env.example')));
});
