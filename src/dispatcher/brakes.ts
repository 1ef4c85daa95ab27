import type { DispatcherId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import { failBrakeTrial, releaseByTrial, takeTrialChance, tripBrake } from '../db/brake.ts';
import { type ChannelWord, readChannelWords, writeOutcomes } from '../db/channelOutcomes.ts';
import { readControl } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log/log.ts';
import { ChannelBrake } from '../policy/brake/channelBrake.ts';
import { trialIntervalMs } from '../policy/brake/trials.ts';
import { type BrakeKind, type BrakeLimits, needsPerson } from '../policy/brake/verdict.ts';
import type { Provider } from '../providers/provider.ts';

/** The brakes of this process, and what it tells the cluster about them and hears from it. */
export interface Brakes {
  readonly of: Readonly<Record<Channel, ChannelBrake>>;
  /** Reads the cluster's word once, and then every `everyMs`: before, nothing may start. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrakesDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly providers: Readonly<Record<Channel, Pick<Provider, 'concurrency'>>>;
  /** Bills may be claimed that could not before. */
  readonly onRoom: () => void;
  /** Whether records of the channel wait here: who has none takes no trial. */
  readonly hasWaiting: (channel: Channel) => boolean;
}

export interface BrakesOptions {
  readonly id: DispatcherId;
  /** `host:pid` */
  readonly name: string;
  /** A pause or a brake is to be obeyed within two of these. */
  readonly everyMs: number;
  readonly limits: BrakeLimits;
  /** A trial is answered within this. */
  readonly longestSendMs: number;
}

const channels = ['EMAIL', 'SMS'] as const satisfies Channel[];

/** A turn to SMS is a matter of e-mail: of SMS there is none. */
function limitsOf(channel: Channel, limits: BrakeLimits): BrakeLimits {
  return channel === 'EMAIL' ? limits : { ...limits, smsTurns: 1 };
}

export function createBrakes(deps: BrakesDeps, options: BrakesOptions): Brakes {
  let timer: NodeJS.Timeout | undefined;
  let turning: Promise<void> | undefined;
  let isAskedAgain = false;
  let isStopped = false;

  const turn = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      await exchangeWords(deps, options, of).catch((error: unknown) => {
        if (!isStopped) deps.log.error({ err: error }, 'brakes cannot be read');
      });
    } while (isAskedAgain && !isStopped);
    turning = undefined;
    if (!isStopped) timer = setTimeout(turnSoon, options.everyMs);
  };
  const turnSoon = (): void => {
    isAskedAgain = true;
    if (turning !== undefined || isStopped) return;
    clearTimeout(timer);
    turning = turn();
  };

  const create = (channel: Channel): ChannelBrake =>
    new ChannelBrake({
      channel,
      concurrency: deps.providers[channel].concurrency,
      limits: limitsOf(channel, options.limits),
      onNews: turnSoon,
      onRoom: deps.onRoom,
      onPace: (cause) =>
        deps.log.warn({ channel, cause }, 'provider wants fewer bills at a time: slowing down'),
    });
  const of = { EMAIL: create('EMAIL'), SMS: create('SMS') };

  return {
    of,
    async start() {
      turnSoon();
      await turning;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await turning;
      for (const channel of channels) {
        of[channel].gate.stop();
      }
    },
  };
}

type BrakeOf = Brakes['of'];

/** One turn: tells what happened here, then hears what happened everywhere, then asks for a trial if one is due. */
async function exchangeWords(deps: BrakesDeps, options: BrakesOptions, of: BrakeOf): Promise<void> {
  await tellOutcomes(deps, options, of);
  for (const channel of channels) {
    await tellTrip(deps, options, of[channel]);
    await tellTrial(deps, options, of[channel]);
  }
  const words = await hear(deps, options, of);
  for (const word of words) {
    await askForTrial(deps, options, { brake: of[word.channel], word });
  }
}

async function tellOutcomes({ database }: BrakesDeps, { id }: BrakesOptions, of: BrakeOf): Promise<void> {
  const written = channels.flatMap((channel) => {
    const { window, paceFacts: pace } = of[channel];
    if (pace !== undefined) window.keepFresh(performance.now());
    return window.takeUnwritten().map(({ number, counts }) => ({ channel, bucket: number, counts, pace }));
  });
  if (written.length > 0) {
    await writeOutcomes(database, id, written);
  }
}

async function tellTrip(
  { database, log }: BrakesDeps,
  { name }: BrakesOptions,
  brake: ChannelBrake,
): Promise<void> {
  const { trip } = brake;
  if (trip === undefined) return;
  const { channel } = brake;
  const firstTrialMs = needsPerson(trip.kind) ? null : trialIntervalMs(0);
  const isFirst = await tripBrake(database, { channel, ...trip, by: `dispatcher ${name}`, firstTrialMs });
  brake.told();
  if (!isFirst) return;
  log.error({ channel, ...trip }, messageOf(channel, trip.kind));
}

function messageOf(channel: Channel, kind: BrakeKind): string {
  if (!needsPerson(kind)) {
    return 'brake is on: no bill goes out by this channel until the provider takes one again';
  }
  return channel === 'EMAIL'
    ? 'brake is on: no bill goes out by any channel until `billcast resume --channel`'
    : 'brake is on: no bill goes out by this channel until `billcast resume --channel`';
}

async function tellTrial(
  { database, log }: BrakesDeps,
  { id, name }: BrakesOptions,
  brake: ChannelBrake,
): Promise<void> {
  const ended = brake.takeEndedTrial();
  if (ended === undefined) return;
  const { channel } = brake;
  const { result, msToNext } = ended;
  if (result === 'accepted') {
    const isReleased = await releaseByTrial(database, channel, `dispatcher ${name}`);
    if (isReleased) log.warn({ channel }, 'brake is off: the provider takes bills again');
    return;
  }
  await failBrakeTrial(database, { channel, by: id, nextTrialMs: msToNext, ...result });
}

async function hear(
  { database, log }: BrakesDeps,
  { id, limits }: BrakesOptions,
  of: BrakeOf,
): Promise<ChannelWord[]> {
  const { paused } = await readControl(database);
  const words = await readChannelWords(database, id, channels);
  const stopsAll = words.find(
    ({ channel, kind }) => channel === 'EMAIL' && kind !== null && needsPerson(kind),
  );
  for (const word of words) {
    const brake = of[word.channel];
    const smsTurns = word.expectedSmsShare ?? limits.smsTurns;
    const isPaused = paused || (stopsAll !== undefined && stopsAll !== word);
    const before = [brake.heardKind, brake.isPaused];
    brake.obey({
      kind: word.kind ?? undefined,
      others: word.others,
      limits: limitsOf(word.channel, { ...limits, smsTurns }),
      releasedAtMs: word.releasedAt?.getTime() ?? 0,
      isPaused,
    });
    const { channel, kind } = word;
    if (before[0] !== brake.heardKind) log.debug({ channel, kind }, 'brake read');
    if ((before[1] ?? false) !== isPaused) log.info({ channel, isPaused }, 'pause read');
  }
  return words;
}

async function askForTrial(
  { database, hasWaiting }: BrakesDeps,
  { id, longestSendMs }: BrakesOptions,
  { brake, word }: { readonly brake: ChannelBrake; readonly word: ChannelWord },
): Promise<void> {
  const { channel } = brake;
  if (!word.isTrialDue || !brake.wantsTrial || !hasWaiting(channel)) return;
  const intervalMs = trialIntervalMs(word.brakedForMs);
  const leaseMs = intervalMs + longestSendMs;
  const trials = await takeTrialChance(database, { channel, by: id, leaseMs });
  if (trials !== undefined) brake.grantTrial({ expiresAtMs: performance.now() + intervalMs, intervalMs });
}
