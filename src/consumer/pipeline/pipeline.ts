import type { Channel, PerChannel } from '../../channels.ts';
import type { Trial } from '../../policy/brake/trial.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import type { ChannelLanes } from './channelLanes.ts';
import { claim } from './claim.ts';
import { deferQuietHours } from './deferQuietHours.ts';
import { handOff } from './handOff.ts';
import { keepProvider } from './keepProvider.ts';
import type { ClaimedBill, Lane, RecordBatch } from './lane.ts';
import { load } from './load.ts';
import { quarantinePoison } from './quarantine.ts';
import { render, renderSuspect } from './render.ts';
import { resolveNamed } from './resolveNamed.ts';
import { send } from './send.ts';
import { skipUnwanted } from './skipUnwanted.ts';
import type { PreparedBill, StageDeps } from './stage.ts';
import { tracedBatch } from './tracedBatch.ts';

/**
 * The path of a bill, from a Kafka record to the send of its message. Each stage is a verb in a file of that
 * name and works on a batch: as many bills as wait, up to a limit. What leaves the path at a stage is
 * skipped, postponed or settled there. Sends are single and all at once; their answers go to the settler,
 * which writes them in batches.
 *
 * A fault of a statement costs only the bills that it is about (`isolate.ts`). A throw is a mistake of ours:
 * the process ends, and the sweeper finds what it held.
 */
async function processBatch(
  options: Pick<PipelineOptions, 'deps' | 'onFatal'>,
  lane: Lane,
  { records, trial }: RecordBatch,
): Promise<void> {
  const { deps } = options;
  if (deps.idKind !== 'bigint') await resolveNamed(deps, records);
  const events = await quarantinePoison(deps, lane, records);
  const claimed = await claim(deps, lane, events);
  for (const { lane: itsLane, bills } of await keepProvider(deps, lane, claimed)) {
    await processBills(options, itsLane, { bills, trial: itsLane === lane ? trial : undefined });
  }
  trial?.giveBack();
}

/** Does the same within a trace, if this batch is traced. */
function traceBatch(
  options: Pick<PipelineOptions, 'deps' | 'onFatal'>,
  lane: Lane,
  batch: RecordBatch,
): Promise<void> {
  const { tracer } = options.deps.meters;
  if (tracer === undefined) return processBatch(options, lane, batch);
  return tracer.batch(tracedBatch(lane, batch), () => processBatch(options, lane, batch));
}

async function processBills(
  { deps, onFatal }: Pick<PipelineOptions, 'deps' | 'onFatal'>,
  lane: Lane,
  { bills, trial }: { readonly bills: readonly ClaimedBill[]; readonly trial: Trial | undefined },
): Promise<void> {
  for await (const loaded of load(deps, bills)) {
    const awake = await deferQuietHours(deps, lane, loaded);
    const { prepared, suspects } = await render(deps, lane, awake);
    const alone = suspects.map(async (bill) =>
      handOffAndSend(deps, lane, { rendered: await renderSuspect(deps, lane, bill) }),
    );
    for (const work of alone) work.catch(onFatal);
    await handOffAndSend(deps, lane, { rendered: prepared, trial });
    if (deps.renderPool.suspects >= mostSuspects) await Promise.allSettled(alone);
  }
}

/**
 * Suspects are rendered beside the path. If there are more, the path waits, so that they cannot fill the
 * memory.
 */
const mostSuspects = 64;

async function handOffAndSend(
  deps: StageDeps,
  lane: Lane,
  { rendered, trial }: { readonly rendered: readonly PreparedBill[]; readonly trial?: Trial | undefined },
): Promise<void> {
  const bills = await skipUnwanted(deps, lane, rendered);
  const room = lane.messageRoom;
  let unsent = room === undefined ? 0 : bills.reduce((sum, bill) => sum + messageBytes(bill), 0);
  await room?.take(unsent);
  for await (const handedOff of handOff(deps, lane, { bills, trial })) {
    for (const bill of handedOff) {
      // Measured before the send, which may free the message.
      const bytes = messageBytes(bill);
      const sent = send(deps, lane, bill);
      if (room === undefined) continue;
      unsent -= bytes;
      void sent.then(() => room.release(bytes));
    }
  }
  room?.release(unsent);
  for (const { message } of rendered) if (message.kind === 'email') message.release();
}

/** The size of what the provider keeps until its answer. */
function messageBytes({ message }: Pick<PreparedBill, 'message'>): number {
  return message.kind === 'encoded' ? message.body.length : 0;
}

/** Takes records in and carries them through, never more at a time than there is room for. */
export interface Pipeline {
  receive(channel: Channel, records: readonly ReceivedRecord[]): void;
  /** Whether records of the channel wait to be claimed. */
  hasWaiting(channel: Channel): boolean;
  /** Records of one channel that were received and have not left. */
  inFlight(channel: Channel): number;
  /** Who stops and resumes the fetching of a channel. */
  onBackPressure(listener: BackPressure): void;
  /**
   * Starts no further batch, drops what is not claimed, and resolves when every claim is settled and late
   * answers have come or may wait no longer.
   */
  stop(): Promise<void>;
}

/** Both are called again and again, also if nothing has changed. */
export interface BackPressure {
  pause(channel: Channel): void;
  resume(channel: Channel): void;
}

export interface PipelineOptions {
  readonly deps: StageDeps;
  readonly lanes: PerChannel<ChannelLanes>;
  /** The most bills in one batch. */
  readonly batchSize: number;
  /** How long after its begin a stop waits for answers to bills that are in doubt, in ms. */
  readonly lateAnswersMs: number;
  readonly onFatal: (error: unknown) => void;
}

/** Fetching resumes when no more than this share of a lane's room is taken. */
const resumeShare = 0.75;

export function createPipeline(options: PipelineOptions): Pipeline {
  const { deps, lanes, batchSize, lateAnswersMs, onFatal } = options;
  const all = Object.values(lanes);
  const toPump = new Set<ChannelLanes>();
  let backPressure: BackPressure = { pause: () => undefined, resume: () => undefined };
  let drained: (() => void) | undefined;
  let stopped: Promise<void> | undefined;

  const pump = (channelLanes: ChannelLanes): void => {
    for (let next = channelLanes.nextBatch(batchSize); next; next = channelLanes.nextBatch(batchSize)) {
      const { lane, batch } = next;
      traceBatch(options, lane, batch)
        .catch(onFatal)
        .finally(() => lane.batchEnded());
    }
    const { fullness, channel } = channelLanes;
    if (fullness >= 1) backPressure.pause(channel);
    else if (fullness <= resumeShare) backPressure.resume(channel);
    if (drained !== undefined && all.every(({ isIdle }) => isIdle)) drained();
  };

  /** Many bills are closed in one turn of the event loop: the room that they free makes one batch. */
  const pumpSoon = (channelLanes: ChannelLanes): void => {
    if (toPump.size === 0) setImmediate(pumpAll);
    toPump.add(channelLanes);
  };

  const pumpAll = (): void => {
    const due = [...toPump];
    toPump.clear();
    for (const channelLanes of due) pump(channelLanes);
  };

  const stop = async (): Promise<void> => {
    const startedMs = performance.now();
    for (const channelLanes of all) channelLanes.stop();
    await new Promise<void>((resolve) => {
      drained = resolve;
      if (all.every(({ isIdle }) => isIdle)) resolve();
    });
    await deps.lateAnswers.settled(Math.max(0, lateAnswersMs - (performance.now() - startedMs)));
    await deps.settler.flush();
  };

  for (const channelLanes of all) channelLanes.onChange(() => pumpSoon(channelLanes));
  return {
    receive: (channel, records) => lanes[channel].receive(records),
    hasWaiting: (channel) => lanes[channel].hasWaiting,
    inFlight: (channel) => lanes[channel].inFlight,
    onBackPressure(listener) {
      backPressure = listener;
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
