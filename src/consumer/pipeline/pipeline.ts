import type { Claim } from '../../bill.ts';
import type { Channel } from '../../channels.ts';
import type { Admission } from '../../policy/brake/channelBrake.ts';
import type { Trial } from '../../policy/brake/trial.ts';
import type { ReceivedRecord } from '../intake/receivedRecord.ts';
import { claim } from './claim.ts';
import type { PreparedBill } from './claimedBill.ts';
import { deferQuietHours } from './deferQuietHours.ts';
import { handOff } from './handOff.ts';
import type { Lane } from './lane.ts';
import { load } from './load.ts';
import type { PipelineDeps } from './pipelineDeps.ts';
import { prepare, prepareSuspect } from './prepare.ts';
import { quarantinePoison } from './quarantine.ts';
import { RecordQueue } from './recordQueue.ts';
import { send } from './send.ts';
import { skipRefused } from './skipRefused.ts';

interface BatchHooks {
  /** The claims are made; these records are to come again. */
  readonly onClaimed: (later: readonly ReceivedRecord[]) => void;
  /** The batch does not wait for these. */
  readonly inBackground: (works: readonly Promise<void>[]) => void;
}

/**
 * The path of a bill, from a Kafka record to its settled row:
 *
 *   record -> set aside poison -> claim -> load -> hold quiet -> prepare -> skip refused -> hand off -> send -> settle
 *          -> watermark
 *
 * Each stage is a verb in a file of its own and works on a micro-batch: as many bills as are waiting, up to a
 * limit. Up to the hand-off one batch is on its way at a time, and a few while there is enough for full ones;
 * sends are single and all at once; their answers are settled in batches again, whichever came together. A fault of a
 * statement costs the bills that it is about (`isolate.ts`). A throw is a mistake of ours: the process ends, and what
 * it held is found by the sweeper.
 */
async function processBatch(
  deps: PipelineDeps,
  lane: Lane,
  { records, trial }: { readonly records: readonly ReceivedRecord[]; readonly trial: Trial | undefined },
  { onClaimed, inBackground }: BatchHooks,
): Promise<void> {
  const events = await quarantinePoison(deps, records);
  const { claimed, later } = await claim(deps, lane, events);
  for (const { record } of claimed) record.forgetBytes();
  onClaimed(later);
  lane.claimed.release(records.length - claimed.length);
  for await (const loaded of load(deps, claimed)) {
    const awake = await deferQuietHours(deps, lane, loaded);
    const { prepared, suspects } = await prepare(deps, lane, awake);
    const alone = suspects.map(async (bill) =>
      deliver(deps, lane, { rendered: await prepareSuspect(deps, lane, bill) }),
    );
    inBackground(alone);
    await deliver(deps, lane, { rendered: prepared, trial });
    if (deps.renderPool.suspects >= mostSuspects) await Promise.allSettled(alone);
  }
  trial?.giveBack();
}

/** From the rendered message to the send. */
async function deliver(
  deps: PipelineDeps,
  lane: Lane,
  { rendered, trial }: { readonly rendered: readonly PreparedBill[]; readonly trial?: Trial | undefined },
): Promise<void> {
  const prepared = await skipRefused(deps, lane, rendered);
  const room = lane.messageRoom;
  let unsent = room === undefined ? 0 : prepared.reduce((sum, bill) => sum + messageBytes(bill), 0);
  await room?.take(unsent);
  for await (const handedOff of handOff(deps, lane, { bills: prepared, trial })) {
    for (const bill of handedOff) {
      const sent = send(deps, lane, bill);
      if (room === undefined) continue;
      const bytes = messageBytes(bill);
      unsent -= bytes;
      void sent.then(() => room.release(bytes));
    }
  }
  room?.release(unsent);
  for (const { message } of rendered) if (message.kind === 'email') message.release();
}

function messageBytes({ message }: PreparedBill): number {
  return message.kind === 'email' ? message.html.length + message.text.length : message.text.length;
}

/** So many suspects beside the path; more of them hold it up, so that they cannot fill the memory. */
const mostSuspects = 64;

/** Takes records in and carries them through, no more at a time than there is room for. */
export interface Pipeline {
  receive(channel: Channel, records: readonly ReceivedRecord[]): void;
  /** What may be started has changed. */
  wake(): void;
  /** A claim is over, however it ended: its room is free. */
  over(claim: Claim): void;
  /** Whether records of the channel wait to be claimed. */
  hasWaiting(channel: Channel): boolean;
  /** Records received and not yet done with, of one channel: what `MAX_IN_FLIGHT` bounds, as well as their bytes. */
  inFlight(channel: Channel): number;
  /** Starts no further batch, lets go of what is not claimed, and resolves when every claim is settled. */
  stop(): Promise<void>;
}

export interface PipelineOptions {
  readonly deps: PipelineDeps;
  readonly lanes: Readonly<Record<Channel, Lane>>;
  /** The most bills in one batch. */
  readonly batchSize: number;
  readonly backPressure: { pause(channel: Channel): void; resume(channel: Channel): void };
  readonly onFatal: (error: unknown) => void;
}

const batchesAtOnce = 4;
/** When a record comes again whose claim the database stopped. */
const againAfterMs = 2_000;
/** Fetching goes on when this share of a lane's room is taken. */
const resumeShare = 0.75;

export function createPipeline(options: PipelineOptions): Pipeline {
  const { deps, lanes, batchSize } = options;
  const traffic = {
    EMAIL: { queue: new RecordQueue(), batches: 0, later: 0, bytes: 0 },
    SMS: { queue: new RecordQueue(), batches: 0, later: 0, bytes: 0 },
  };
  const toPump = new Set<Channel>();
  let drained: (() => void) | undefined;
  let stopped: Promise<void> | undefined;

  const inFlight = (channel: Channel): number =>
    traffic[channel].queue.size + traffic[channel].later + lanes[channel].claimed.taken;

  /** By records and by bytes: a topic that brings a megabyte per record fills the memory long before the room. */
  const applyBackPressure = (channel: Channel): void => {
    const { room, roomBytes } = lanes[channel];
    const taken = Math.max(inFlight(channel) / room, traffic[channel].bytes / roomBytes);
    if (taken >= 1) options.backPressure.pause(channel);
    else if (taken <= resumeShare) options.backPressure.resume(channel);
  };

  const isQuiet = (): boolean =>
    channels.every((channel) => traffic[channel].batches === 0 && lanes[channel].claimed.taken === 0);

  const start = (channel: Channel, { count, trial }: Admission): void => {
    traffic[channel].batches++;
    const records = traffic[channel].queue.take(count);
    const bytes = bytesOf(records);
    const onClaimed = (later: readonly ReceivedRecord[]): void => {
      traffic[channel].bytes -= bytes - bytesOf(later);
      comeAgain(channel, later);
      pumpSoon(channel);
    };
    const inBackground = (works: readonly Promise<void>[]): void => {
      for (const work of works) work.catch(options.onFatal);
    };
    processBatch(deps, lanes[channel], { records, trial }, { onClaimed, inBackground })
      .catch(options.onFatal)
      .finally(() => {
        traffic[channel].batches--;
        pumpSoon(channel);
      });
  };

  /** A stop does not wait for them: their offsets have not passed. */
  const comeAgain = (channel: Channel, records: readonly ReceivedRecord[]): void => {
    if (records.length === 0) return;
    const held = traffic[channel];
    held.later += records.length;
    setTimeout(() => {
      held.later -= records.length;
      if (drained === undefined) held.queue.add(records);
      pumpSoon(channel);
    }, againAfterMs).unref();
  };

  const pump = (channel: Channel): void => {
    const { queue, batches } = traffic[channel];
    const { claimed, brake } = lanes[channel];
    for (let running = batches; running < batchesAtOnce && queue.size > 0; running++) {
      const wanted = Math.min(queue.size, batchSize, claimed.free);
      if (running > 0 && wanted < batchSize) break;
      const admission = wanted === 0 ? undefined : brake.admit(wanted, claimed.taken);
      if (admission === undefined || admission.count === 0) break;
      claimed.tryTake(admission.count);
      start(channel, admission);
    }
    applyBackPressure(channel);
    if (drained !== undefined && isQuiet()) drained();
  };

  /** Many claims are over in one turn of the event loop; the room they leave makes one batch. */
  const pumpSoon = (channel: Channel): void => {
    if (toPump.size === 0) setImmediate(pumpAll);
    toPump.add(channel);
  };

  const pumpAll = (): void => {
    const due = [...toPump];
    toPump.clear();
    for (const channel of due) pump(channel);
  };

  const stop = async (): Promise<void> => {
    for (const channel of channels) traffic[channel].queue.clear();
    await new Promise<void>((resolve) => {
      drained = resolve;
      if (isQuiet()) resolve();
    });
    await deps.settler.flush();
  };

  return {
    receive(channel, records) {
      if (drained !== undefined) return;
      traffic[channel].queue.add(records);
      traffic[channel].bytes += bytesOf(records);
      pumpSoon(channel);
    },
    wake() {
      for (const channel of channels) pumpSoon(channel);
    },
    over({ channel }) {
      lanes[channel].claimed.release(1);
      pumpSoon(channel);
    },
    hasWaiting: (channel) => traffic[channel].queue.size > 0,
    inFlight,
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}

const channels = ['EMAIL', 'SMS'] as const;

/** A record's bytes are kept until it is claimed or set aside. */
function bytesOf(records: readonly ReceivedRecord[]): number {
  return records.reduce((sum, { size }) => sum + size, 0);
}
