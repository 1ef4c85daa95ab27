import { testKeyOf } from '../../bill.ts';
import { reserveSends } from '../../db/providerRates.ts';
import { sleep } from '../../lib/sleep.ts';
import type { EncodedMessage, SendAnswer } from '../../providers/provider.ts';
import type { OpenProvider } from '../../providers/providerKind.ts';
import { channelOfRoute, nameInSetting } from '../../providers/providerShares.ts';
import { readClocks, startDeadlineFrom } from '../../providers/startDeadline.ts';
import type { RenderedTest } from './renderTests.ts';
import type { TestSending } from './testSending.ts';

/** How often a message is tried if the provider certainly did not take it because of its pace. */
const mostTries = 5;
const longestPauseMs = 30_000;
const shortestPauseMs = 500;

/** Sends one message, at the pace that the settings and the provider demand. Never rejects. */
export async function sendTest(
  deps: TestSending,
  open: OpenProvider,
  { claim, message }: { readonly claim: RenderedTest['claim']; readonly message: EncodedMessage },
): Promise<SendAnswer> {
  const { test } = claim;
  // Copied per try, because a provider may free the body that it sends.
  const { body } = message;
  for (let tries = 1; ; tries++) {
    await awaitTurn(deps, open);
    const attempt = {
      claim,
      idempotencyKey: testKeyOf(claim, test.keySuffix),
      startDeadline: startDeadlineFrom(readClocks(), deps.config.startDeadlineMs),
    };
    const again = tries < mostTries && body !== undefined ? Uint8Array.from(body) : body;
    const answer = await begin(open, { ...message, ...bodyOf(again), to: test.to ?? message.to }, attempt);
    if (tries >= mostTries || answer.kind !== 'notSent' || !isAboutPace(answer)) return answer;
    await sleep(Math.min(longestPauseMs, Math.max(shortestPauseMs, answer.retryAfterMs ?? 0)));
  }
}

function bodyOf(body: Uint8Array | undefined) {
  return body === undefined ? {} : { body };
}

function isAboutPace({ trouble, retryAfterMs }: Extract<SendAnswer, { kind: 'notSent' }>): boolean {
  return trouble === 'pace' || retryAfterMs !== undefined;
}

async function begin(
  { provider }: OpenProvider,
  message: EncodedMessage,
  attempt: Parameters<OpenProvider['provider']['send']>[1],
): Promise<SendAnswer> {
  try {
    return await provider.send(message, attempt);
  } catch (error) {
    return {
      kind: 'unknown',
      reason: 'PROVIDER_FAULT',
      cause: error instanceof Error ? error.name : 'provider threw',
    };
  }
}

const askAgainMs = 100;

/** Waits for a moment of the rate, which all processes share. */
async function awaitTurn(
  { database, config: { providerRates } }: TestSending,
  { name, route }: OpenProvider,
): Promise<void> {
  const key = nameInSetting(providerRates, channelOfRoute(route), name);
  const perSecond = providerRates[key];
  if (perSecond === undefined) return;
  for (;;) {
    const request = { name: key, count: 1, stepMs: 1_000 / perSecond, leadMs: 0 };
    const reserved = await reserveSends(database, request);
    if (reserved !== undefined) return sleep(Math.max(0, reserved.firstMs - reserved.nowMs));
    await sleep(askAgainMs);
  }
}
