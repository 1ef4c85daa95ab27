import assert from 'node:assert/strict';
import { it } from 'node:test';
import { loadConfig } from '../../../src/config/loadConfig.ts';
import { solapi } from '../../../src/providers/inbound/solapi.ts';
import { compilePage } from '../../../src/providers/mapped/pollItems.ts';
import { listStandIns } from '../../support/standIns/listStandIns.ts';

it('a code of SOLAPI means the same in a report and in its list', () => {
  const { settings } = listStandIns.find(({ provider }) => provider === 'solapi') ?? assert.fail();
  const config = loadConfig({ ...settings, CHANNELS: 'SMS', PROVIDER_SMS: 'solapi' });
  const [poll] = config.providerSettings.mapped.solapi?.mapping.receipts?.polls ?? [];
  assert.ok(poll?.by === 'time');
  const readPage = compilePage(poll, (id) => [id]);
  const codes = [
    '',
    'x',
    '99',
    '20000',
    ...Array.from({ length: 5_000 }, (_, code) => String(code).padStart(4, '0')),
  ];
  const items = codes.map((statusCode, index) => ({
    messageId: `id-${index}`,
    statusCode,
    customFields: { key: `${index + 1}:SMS:1` },
  }));
  const listed = readPage({
    status: 200,
    text: '',
    json: { messageList: items },
    header: () => undefined,
    retryAfterMs: undefined,
  });
  const body = Buffer.from(JSON.stringify(items));
  const told = solapi.read({
    headers: { 'x-solapi-event-name': 'SINGLE-REPORT' },
    body,
    url: new URL('http://x/'),
  });
  const kinds = (
    receipts: readonly { kind: string; attempt?: object | undefined; code?: string | undefined }[] = [],
  ) => receipts.map(({ kind, attempt, code }) => ({ kind, attempt, code }));
  assert.ok((listed?.receipts.length ?? 0) > 2_500);
  assert.deepEqual(kinds(told.receipts), kinds(listed?.receipts));
});
