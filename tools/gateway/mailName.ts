import { idempotencyKeyOf, testCycle } from '../../src/bill.ts';
import { channelNames, channels } from '../../src/channels.ts';
import { parseAttemptName } from '../../src/providers/inbound/attemptName.ts';
import type { AcceptedSubmission } from './reception.ts';

/**
 * Pure. Reads the token of a Message-ID or an ENVID, `<billId>.<cycle>.<channel>.<mac>`; that of a message which
 * settles no bill is `<billId>.test.<mac>`. The gateway has no key to check it with.
 */
export function readMailName(token: string): AcceptedSubmission | undefined {
  const [, billId = '', cycle = '', channel = ''] = ofBill.exec(token) ?? [];
  const named = parseAttemptName(`${billId}:${channel.toUpperCase()}:${cycle}`);
  if (named !== undefined) return { ...named, key: idempotencyKeyOf(named) };
  const [, testedId, mac] = ofTest.exec(token) ?? [];
  const mail = channelNames.find((name) => channels[name].message.kind === 'email');
  if (testedId === undefined || mail === undefined) return undefined;
  return {
    key: `${testedId}:${mail}:${testCycle}:${mac}`,
    billId: testedId,
    channel: mail,
    cycle: testCycle,
  };
}

const ofBill = /^(\d{1,19})\.(\d{1,9})\.([a-z][a-z0-9]{0,15})\.[0-9a-f]{20}$/i;
const ofTest = /^(\d{1,19})\.test\.([0-9a-f]{20})$/i;
