import { randomUUID } from 'node:crypto';
import { type Channel, channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import type { RehearsalCounts } from './rehearsalCounts.ts';
import { RehearsalTally } from './rehearsalTally.ts';
import type { TestBill, TestRequest } from './renderTests.ts';
import { sendTests } from './sendTests.ts';
import type { TestSending } from './testSending.ts';

export interface SeedRequest {
  readonly run: { readonly number: number; readonly id: string };
  /** 0 before the run; then counted up each time a person asks for it. */
  readonly time: number;
  readonly seeds: Config['seeds'];
  readonly bills: readonly TestBill[];
}

/** The result, in messages. */
export interface SeedFacts extends Omit<RehearsalCounts, 'bills' | 'notListed' | 'beyondLimit'> {
  readonly addresses: number;
}

/**
 * Sends the messages of some bills to the seed addresses, exactly as members get them, but with a mark in the
 * subject of e-mails. Nothing is sent twice under the same `time`.
 */
export async function sendSeeds(deps: TestSending, request: SeedRequest): Promise<SeedFacts> {
  const { run, seeds } = request;
  const sender = { run: run.number, sender: randomUUID() };
  const tally = new RehearsalTally();
  for (const channel of deps.config.ladder.order) {
    const [open] = deps.providers[channel].toSorted((a, b) => b.weight - a.weight);
    const requests = requestsBy(channel, request);
    if (open === undefined || requests.length === 0) continue;
    const atMost = requests.length;
    const results = await sendTests(deps, { sender, requests, open, isWanted: () => true, atMost });
    for (const result of results) tally.add(result);
  }
  const { bills: _, notListed: __, beyondLimit: ___, ...counts } = tally.counts;
  return { addresses: seeds.email.length + seeds.phone.length, ...counts };
}

function requestsBy(channel: Channel, { run, time, seeds, bills }: SeedRequest): TestRequest[] {
  return seeds[channels[channel].contact].flatMap((to, index) =>
    bills.map((bill) => ({
      bill,
      channel,
      test: {
        keySuffix: `seed:${run.id}:${time}-${index}`,
        to,
        subjectPrefix: '[SEED] ',
        textPrefix: '',
      },
    })),
  );
}
