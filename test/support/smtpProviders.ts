import { type ComposeOptions, createEncode } from '../../src/providers/smtp/composeMessage.ts';
import { readMailbox } from '../../src/providers/smtp/mailbox.ts';
import { readRelays } from '../../src/providers/smtp/relayUrl.ts';
import { createSmtpProvider, type SmtpProviderOptions } from '../../src/providers/smtp/smtpProvider.ts';
import { noWarmup } from '../../src/providers/smtp/warmupPlan.ts';
import { readClocks, startDeadlineFrom } from '../../src/providers/startDeadline.ts';
import { silentLog } from './capturedLog.ts';
import { claimOf } from './claims.ts';
import { noQuotas, noRates } from './noRates.ts';

export const composeOptions: ComposeOptions = {
  from: readMailbox('청구팀 <bill@billcast.test>'),
  replyTo: undefined,
  feedbackId: 'billcast',
  tokenKeys: [Buffer.alloc(32, 1)],
  dkim: undefined,
};

export const encodeForTest = createEncode(composeOptions);

/** A provider whose relays are these URLs. */
export function createTestSmtp(urls: string, options: Partial<SmtpProviderOptions> = {}) {
  return createSmtpProvider({
    relays: readRelays(urls),
    concurrency: 20,
    messagesPerConnection: 100,
    idleMs: 5_000,
    domainRates: new Map(),
    openRate: noRates,
    warmup: noWarmup,
    openQuota: noQuotas,
    envelope: { from: composeOptions.from, bounce: undefined, notify: [] },
    session: { name: undefined, secureContext: undefined, nextToken: undefined },
    startDeadlineMs: 2_000,
    sendTimeoutMs: 2_000,
    replyTimeoutMs: 5_000,
    log: silentLog,
    ...options,
  });
}

/** What a bill's send is called with. */
export function sendingTo(to: string, text = '안녕하세요') {
  const claim = claimOf({ datedAtMs: 1_764_000_000_000 });
  const parts = { html: Buffer.from(`<p>${text}</p>`), text: Buffer.from(text) };
  const body = encodeForTest({ kind: 'email', to, subject: '11월 청구서', ...parts }, claim);
  const idempotencyKey = `${claim.billId}:${claim.channel}:${claim.cycle}`;
  const startDeadline = startDeadlineFrom(readClocks(), 5_000);
  return [
    { to, body },
    { claim, idempotencyKey, startDeadline },
  ] as const;
}
