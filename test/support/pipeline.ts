import type { Channel, Claim } from '../../src/bill.ts';
import { createBatchRenewal } from '../../src/consumer/batchRenewal.ts';
import { createLane, type Lane } from '../../src/consumer/lane.ts';
import { createPipeline, type Pipeline } from '../../src/consumer/pipeline.ts';
import type { PipelineParts } from '../../src/consumer/pipelineParts.ts';
import { createSettler } from '../../src/consumer/stages/settle.ts';
import type { Database } from '../../src/db/database.ts';
import type { RenderedBill, RenderOutcome, RenderPool } from '../../src/pool/renderPool.ts';
import { createAddressHasher } from '../../src/send/addressHasher.ts';
import type { ChannelBrake } from '../../src/send/brake/channelBrake.ts';
import type { Provider } from '../../src/send/provider.ts';
import { createTally } from '../../src/tally.ts';
import { createOpenBrake } from './brakes.ts';
import { silentLog } from './capturedLog.ts';
import { insertDispatcher, newDispatcherId } from './notifications.ts';
import { createFakeProvider } from './providers.ts';

/** What a bill is rendered to, where the test does not say anything else. */
export const renderedFor = (channel: Channel): RenderedBill =>
  channel === 'EMAIL'
    ? {
        kind: 'email',
        to: 'a@b.kr',
        subject: 's',
        html: Buffer.from('h'),
        text: Buffer.from('t'),
        release: () => undefined,
      }
    : { kind: 'sms', to: '01012345678', text: 't', bytes: 1 };

/** A pool without threads; `render` gives the outcome of a batch of texts. */
export const createFakeRenderPool = (
  render: (channel: Channel, bills: readonly string[]) => Promise<RenderOutcome[]> = async (channel, bills) =>
    bills.map(() => renderedFor(channel)),
): RenderPool => ({
  render,
  renderSuspect: async (channel) => renderedFor(channel),
  suspects: 0,
  stop: () => Promise.resolve(),
});

export interface TestPipeline extends Pipeline {
  readonly parts: PipelineParts;
  readonly lanes: Readonly<Record<Channel, Lane>>;
  /** `pause EMAIL`, `resume SMS`: each time that it was asked for. */
  readonly flow: string[];
  readonly fatal: Promise<unknown>;
  readonly over: (claim: Claim) => void;
}

export interface TestPipelineOptions {
  readonly provider?: Provider;
  readonly providers?: Readonly<Record<Channel, Provider>>;
  readonly renderPool?: RenderPool;
  readonly maxInFlight?: number;
  readonly startDeadlineMs?: number;
  readonly log?: PipelineParts['log'];
  readonly now?: PipelineParts['now'];
  readonly brakes?: Readonly<Record<Channel, ChannelBrake>>;
  /** Told beside `flow`. */
  readonly onFlow?: (step: 'pause' | 'resume', channel: Channel) => void;
  /** The test waits for `fatal`. */
  readonly expectFault?: true;
}

/** A pipeline of a living dispatcher, on a real database, with everything else in the test's hand. */
export const createTestPipeline = async (
  database: Database,
  options: TestPipelineOptions = {},
): Promise<TestPipeline> => {
  const { maxInFlight = 20_000, log = silentLog, startDeadlineMs = 60_000 } = options;
  const provider = options.provider ?? createFakeProvider();
  const providers = options.providers ?? { EMAIL: provider, SMS: provider };
  const brakes = options.brakes ?? {
    EMAIL: createOpenBrake('EMAIL', providers.EMAIL.concurrency),
    SMS: createOpenBrake('SMS', providers.SMS.concurrency),
  };
  const dispatcherId = await insertDispatcher(database, { id: newDispatcherId() });
  const { promise: fatal, resolve: foundFatal } = Promise.withResolvers<unknown>();
  /** Thrown where nobody catches it, a fault ends the test that did not expect it. */
  const onFatal = (error: unknown): void => {
    if (!options.expectFault) throw error;
    foundFatal(error);
  };
  const flow: string[] = [];
  const onDone = (claim: Claim): void => pipeline.over(claim);
  const tally = createTally(log);
  const settler = createSettler({ database, tally, actor: 'dispatcher host:1', onDone, onFatal });
  const parts: PipelineParts = {
    ...{ database, settler, log, tally, dispatcherId, startDeadlineMs },
    renderPool: options.renderPool ?? createFakeRenderPool(),
    renewal: createBatchRenewal({ database, tally, everyMs: 30_000 }),
    decisions: { retransmit: { delayMs: 600_000, maxCycles: 3 }, cycleMaxAgeMs: 86_400_000 },
    addressHasher: createAddressHasher([{ keyId: 'test', key: Buffer.alloc(32, 1) }]),
    timeZone: 'Asia/Seoul',
    now: options.now ?? (async () => new Date()),
  };
  const lanes = {
    EMAIL: createLane({ brake: brakes.EMAIL, provider: providers.EMAIL }, maxInFlight),
    SMS: createLane({ brake: brakes.SMS, provider: providers.SMS }, maxInFlight),
  };
  const backPressure = {
    pause: (channel: Channel) => {
      flow.push(`pause ${channel}`);
      options.onFlow?.('pause', channel);
    },
    resume: (channel: Channel) => {
      flow.push(`resume ${channel}`);
      options.onFlow?.('resume', channel);
    },
  };
  const pipeline = createPipeline({
    parts,
    lanes,
    batchSize: 500,
    backPressure,
    onFatal,
  });
  return { ...pipeline, parts, lanes, flow, fatal };
};
