import { z } from 'zod';
import { channelNames, channels } from '../channels.ts';
import { type mappedShape, mappedTellsOfMessages } from '../providers/mapped/mapped.ts';
import type { ProviderShares } from '../providers/providerShares.ts';

/** Numbers by provider, or by `EMAIL/provider` for one channel of it. */
export type NumberByProvider = Readonly<Record<string, number>>;

const entry = /^((?:[A-Z]+\/)?[^:,/\s]+):(\d+(?:\.\d+)?)$/;

function byProvider(what: string) {
  return z
    .string()
    .default('')
    .transform((text, context): NumberByProvider => {
      const entries = text === '' ? [] : text.split(',').map((one) => entry.exec(one.trim()));
      const numbers = entries.map((found) => [found?.[1] ?? '', Number(found?.[2])] as const);
      const names = new Set(numbers.map(([name]) => name));
      if (entries.every((found) => found !== null) && names.size === numbers.length) {
        return Object.fromEntries(numbers);
      }
      context.addIssue({ code: 'custom', message: what });
      return z.NEVER;
    });
}

/** Limits and prices of providers, which are not among their own settings. */
export const limitShape = {
  PROVIDER_RATES: byProvider(
    'must be provider:sends per second, such as ses:500,EMAIL/http:50, each name once',
  ),
  PROVIDER_CONCURRENCY: byProvider(
    'must be provider:open sends, such as ses:200,EMAIL/http:50, each name once',
  ),
  RECEIPT_RATES: byProvider(
    'must be provider:messages per second that it is asked about, such as resend:2,twilio:10, each name once',
  ),
  PROVIDER_PRICES: byProvider(
    'must be provider:price of one accepted message, such as solapi:13,ses:0.14, each name once',
  ),
};

type LimitEnvironment = z.infer<z.ZodObject<typeof limitShape & Pick<typeof mappedShape, 'PROVIDERS_DIR'>>>;

/** The rules between these settings that are broken, one sentence each. */
export function limitProblems(env: LimitEnvironment, shares: ProviderShares): string[] {
  const used = channelNames.flatMap((channel) =>
    shares[channel].flatMap(({ name }) => [name, `${channel}/${name}`]),
  );
  const problems = [
    ...strangersOf('PROVIDER_RATES', env.PROVIDER_RATES, used),
    ...strangersOf('PROVIDER_CONCURRENCY', env.PROVIDER_CONCURRENCY, used),
    ...strangersOf('PROVIDER_PRICES', env.PROVIDER_PRICES, [...used, ...longNamesOf(shares)]),
  ];
  const tooSlow = Object.entries(env.PROVIDER_RATES).filter(([, perSecond]) => perSecond < slowest);
  const notWhole = Object.entries(env.PROVIDER_CONCURRENCY).filter(
    ([, open]) => !Number.isInteger(open) || open < 1,
  );
  return [
    ...problems,
    ...receiptRateProblems(env, shares),
    ...tooSlow.map(([name]) => `PROVIDER_RATES of ${name} must be at least ${slowest}`),
    ...notWhole.map(([name]) => `PROVIDER_CONCURRENCY of ${name} must be a whole number from 1`),
  ];
}

function strangersOf(setting: string, numbers: NumberByProvider, used: readonly string[]): string[] {
  return Object.keys(numbers)
    .filter((name) => !used.includes(name))
    .map(
      (name) => `${setting} names ${name}, which no channel uses: ${[...new Set(used)].join(', ')} are used`,
    );
}

function receiptRateProblems(
  { RECEIPT_RATES: rates, PROVIDERS_DIR: ownDir }: LimitEnvironment,
  shares: ProviderShares,
): string[] {
  const used = channelNames.flatMap((channel) => shares[channel].map(({ name }) => name));
  const mute = Object.keys(rates).filter(
    (name) => used.includes(name) && !mappedTellsOfMessages(name, ownDir),
  );
  const wrong = Object.entries(rates).filter(([, perSecond]) => perSecond < slowest || perSecond > 100);
  return [
    ...strangersOf('RECEIPT_RATES', rates, used),
    ...mute.map((name) => `RECEIPT_RATES names ${name}, which cannot be asked about single messages`),
    ...wrong.map(([name]) => `RECEIPT_RATES of ${name} must be from ${slowest} to 100`),
  ];
}

/** `LMS/provider`: long messages have a price of their own. */
function longNamesOf(shares: ProviderShares): string[] {
  return channelNames.flatMap((channel) => {
    const [, long] = channels[channel].forms;
    return long === undefined ? [] : shares[channel].map(({ name }) => `${long.toUpperCase()}/${name}`);
  });
}

const slowest = 0.1;
