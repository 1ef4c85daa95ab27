import type { Claim } from '../../src/bill.ts';
import { type Channel, perChannel } from '../../src/channels.ts';
import { BatchBook } from '../../src/consumer/pipeline/batchBook.ts';
import { createBatchRenewal } from '../../src/consumer/pipeline/batchRenewal.ts';
import type { ChannelLanes } from '../../src/consumer/pipeline/channelLanes.ts';
import type { ClaimedBill, Lane } from '../../src/consumer/pipeline/lane.ts';
import { LateAnswers } from '../../src/consumer/pipeline/lateAnswers.ts';
import { createPipeline, type Pipeline } from '../../src/consumer/pipeline/pipeline.ts';
import { Settler } from '../../src/consumer/pipeline/settler.ts';
import type { StageDeps } from '../../src/consumer/pipeline/stage.ts';
import { SuppressionBook } from '../../src/consumer/pipeline/suppressionBook.ts';
import { MoveTally } from '../../src/db/counts/moveTally.ts';
import type { Database } from '../../src/db/database.ts';
import type { Ladder } from '../../src/ladder.ts';
import { createThrottledLog } from '../../src/log/throttledLog.ts';
import { createPathMeters } from '../../src/metrics/pathMeters.ts';
import { createAddressHasher } from '../../src/policy/addressHasher.ts';
import type { ChannelBrake } from '../../src/policy/brake/channelBrake.ts';
import type { RenderOutcome, RenderPool } from '../../src/pool/renderPool.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { channelOfRoute } from '../../src/providers/providerShares.ts';
import type { RenderedBill } from '../../src/render/bill/renderedBill.ts';
import { createOpenBrake } from './brakeRows.ts';
import { silentLog } from './capturedLog.ts';
import { insertDispatcher, newDispatcherId } from './notifications.ts';
import { loadBills } from './ownLoader.ts';
import { type FakeRecord, recordOf } from './records.ts';
import { standardLadder } from './standardLadder.ts';
import { createChannelLanes, firstLane, type TestRoute } from './testLanes.ts';
import { createFakeProvider } from './testProviders.ts';

/** What a bill is rendered to if the test does not say anything else. */
export function renderedFor(channel: Channel): RenderedBill {
  return channel === 'EMAIL'
    ? {
        kind: 'email',
        to: 'a@b.kr',
        subject: 's',
        html: Buffer.from('h'),
        text: Buffer.from('t'),
        release: () => undefined,
      }
    : { kind: 'text', to: '01012345678', text: 't', bytes: 1 };
}

/** A pool without threads; `render` gives the outcome of a batch of texts. */
export function createFakeRenderPool(
  render: (channel: Channel, bills: readonly string[]) => Promise<RenderOutcome[]> = async (channel, bills) =>
    bills.map(() => renderedFor(channel)),
): RenderPool {
  return {
    render: (route, bills) =>
      render(
        channelOfRoute(route),
        bills.map(({ text }) => text),
      ),
    renderSuspect: async (route) => renderedFor(channelOfRoute(route)),
    setKeys: () => undefined,
    suspects: 0,
    stop: () => Promise.resolve(),
  };
}

export interface TestPipeline extends Pipeline {
  readonly deps: StageDeps;
  readonly lanes: Readonly<Record<Channel, Lane>>;
  readonly channels: Readonly<Record<Channel, ChannelLanes>>;
  /** `pause EMAIL`, `resume SMS`: each time that it was asked for. */
  readonly flow: string[];
  readonly fatal: Promise<unknown>;
}

export interface TestPipelineOptions {
  readonly provider?: Provider;
  readonly providers?: Readonly<Record<Channel, Provider>>;
  readonly renderPool?: RenderPool;
  /** Several providers of e-mail. */
  readonly emailRoutes?: readonly TestRoute[];
  readonly maxInFlight?: number;
  readonly idKind?: StageDeps['idKind'];
  readonly startDeadlineMs?: number;
  readonly log?: StageDeps['log'];
  readonly now?: StageDeps['now'];
  readonly ladder?: Ladder;
  readonly suppressionBook?: SuppressionBook;
  readonly brakes?: Readonly<Record<Channel, ChannelBrake>>;
  /** Called together with `flow`. */
  readonly onFlow?: (step: 'pause' | 'resume', channel: Channel) => void;
  /** The test waits for `fatal`. */
  readonly expectFault?: true;
}

/** A pipeline of a living dispatcher, on a real database, with everything else in the test's hand. */
export async function createTestPipeline(
  database: Database,
  options: TestPipelineOptions = {},
): Promise<TestPipeline> {
  const { maxInFlight = 20_000, log = silentLog, startDeadlineMs = 60_000 } = options;
  const provider = options.provider ?? createFakeProvider();
  const providers = options.providers ?? perChannel(() => provider);
  const brakes =
    options.brakes ?? perChannel((channel) => createOpenBrake(channel, providers[channel].concurrency));
  const dispatcherId = await insertDispatcher(database, { id: newDispatcherId() });
  const { promise: fatal, resolve: foundFatal } = Promise.withResolvers<unknown>();
  /** Nobody catches this fault, so it ends a test that did not expect it. */
  const onFatal = (error: unknown): void => {
    if (!options.expectFault) throw error;
    foundFatal(error);
  };
  const flow: string[] = [];
  const throttledLog = createThrottledLog(log);
  const batchBook = new BatchBook({ database, throttledLog });
  const actor = 'dispatcher host:1';
  const meters = createPathMeters();
  const tally = new MoveTally(dispatcherId);
  const settler = new Settler({
    database,
    throttledLog,
    batchBook,
    meters,
    tally,
    first: 'EMAIL',
    actor,
    onFatal,
  });
  const deps: StageDeps = {
    meters,
    database,
    loadBills,
    idKind: options.idKind ?? 'bigint',
    settler,
    lateAnswers: new LateAnswers(),
    batchBook,
    log,
    throttledLog,
    dispatcherId,
    startDeadlineMs,
    renderPool: options.renderPool ?? createFakeRenderPool(),
    renewal: createBatchRenewal({ database, throttledLog, everyMs: 30_000 }),
    decisions: {
      ladder: options.ladder ?? standardLadder,
      retransmit: { delayMs: 600_000, maxCycles: 3 },
      cycleMaxAgeMs: 86_400_000,
    },
    addressHasher: createAddressHasher([{ keyId: 'test', key: Buffer.alloc(32, 1) }]),
    suppressionBook: options.suppressionBook ?? new SuppressionBook(),
    timeZone: 'Asia/Seoul',
    now: options.now ?? (async () => new Date()),
  };
  const channels = perChannel((channel) => {
    const routes = channel === 'EMAIL' ? options.emailRoutes : undefined;
    const only = [{ brake: brakes[channel], provider: providers[channel] }];
    return createChannelLanes(routes ?? only, maxInFlight);
  });
  const pipeline = createPipeline({
    deps,
    lanes: channels,
    batchSize: 500,
    lateAnswersMs: 2_000,
    onFatal,
  });
  pipeline.onBackPressure({
    pause: (channel: Channel) => {
      flow.push(`pause ${channel}`);
      options.onFlow?.('pause', channel);
    },
    resume: (channel: Channel) => {
      flow.push(`resume ${channel}`);
      options.onFlow?.('resume', channel);
    },
  });
  const lanes = perChannel((channel) => firstLane(channels[channel]));
  return { ...pipeline, deps, lanes, channels, flow, fatal };
}

/** Bills of one batch as the lane holds them when they are claimed, each with its record. */
export function holdClaims(
  { deps, lanes }: Pick<TestPipeline, 'deps' | 'lanes'>,
  claims: readonly Claim[],
): { bill: ClaimedBill; record: FakeRecord }[] {
  const [first] = claims;
  if (first === undefined) return [];
  const lane = lanes[first.channel];
  const batch = deps.batchBook.open(first.token, claims.length);
  lane.claimed.tryTake(claims.length);
  return claims.map((claim) => {
    const record = recordOf(claim.billId);
    return { bill: lane.claim(record, claim, batch), record };
  });
}
