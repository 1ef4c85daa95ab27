import type { DispatcherId } from '../bill.ts';
import { type Channel, channelNames, nextChannel, type PerChannel } from '../channels.ts';
import { failBrakeTrial, releaseByTrial, takeTrialChance, tripBrake } from '../db/brake.ts';
import { type ChannelWord, readChannelWords, writeOutcomes } from '../db/channelOutcomes.ts';
import { readControl } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import type { Logger } from '../log/log.ts';
import type { ChannelBrake } from '../policy/brake/channelBrake.ts';
import { trialIntervalMs } from '../policy/brake/trials.ts';
import { type BrakeKind, type BrakeLimits, needsPerson } from '../policy/brake/verdict.ts';

/** Keeps the brakes of this process and those of the cluster in step. */
export interface BrakeExchange {
  /** Reads the cluster's word once, and then every `everyMs`. Nothing may start before. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrakeExchangeDeps {
  readonly database: Database;
  readonly log: Logger;
  readonly brakes: PerChannel<ChannelBrake>;
  /** Whether records of the channel wait here: a process that has none takes no trial. */
  readonly hasWaiting: (channel: Channel) => boolean;
}

export interface BrakeExchangeOptions {
  readonly id: DispatcherId;
  /** `host:pid` */
  readonly name: string;
  /** A pause or a brake is obeyed within two of these. */
  readonly everyMs: number;
  readonly limits: BrakeLimits;
  /** A trial is answered within this. */
  readonly longestSendMs: number;
}

/** On the last channel no bill can turn to a next one, so that limit never stops it. */
export function limitsOf(channel: Channel, limits: BrakeLimits): BrakeLimits {
  return nextChannel(channel) === undefined ? { ...limits, smsTurns: 1 } : limits;
}

export function createBrakeExchange(deps: BrakeExchangeDeps, options: BrakeExchangeOptions): BrakeExchange {
  const { brakes, log } = deps;
  let timer: NodeJS.Timeout | undefined;
  let turning: Promise<void> | undefined;
  let isAskedAgain = false;
  let isStopped = false;

  const turn = async (): Promise<void> => {
    do {
      isAskedAgain = false;
      await exchangeWords(deps, options).catch((error: unknown) => {
        if (!isStopped) log.error({ err: error }, 'brakes cannot be read');
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

  for (const channel of channelNames) {
    brakes[channel].onNews(turnSoon);
    brakes[channel].onPaced((cause) =>
      log.warn({ channel, cause }, 'provider wants fewer bills at a time: slowing down'),
    );
  }
  return {
    async start() {
      turnSoon();
      await turning;
    },
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await turning;
      for (const channel of channelNames) brakes[channel].gate.stop();
    },
  };
}

/**
 * One turn: reports what happened here, then reads what happened everywhere, then asks for a trial if one is
 * due.
 */
async function exchangeWords(deps: BrakeExchangeDeps, options: BrakeExchangeOptions): Promise<void> {
  const { brakes } = deps;
  await reportOutcomes(deps, options);
  for (const channel of channelNames) {
    await reportTrip(deps, options, brakes[channel]);
    await reportTrial(deps, options, brakes[channel]);
  }
  const words = await applyWords(deps, options);
  for (const word of words) {
    await askForTrial(deps, options, { brake: brakes[word.channel], word });
  }
}

async function reportOutcomes(
  { database, brakes }: BrakeExchangeDeps,
  { id }: BrakeExchangeOptions,
): Promise<void> {
  const written = channelNames.flatMap((channel) => {
    const { window, paceFacts: pace } = brakes[channel];
    if (pace !== undefined) window.keepFresh(performance.now());
    return window.takeUnwritten().map(({ number, counts }) => ({ channel, bucket: number, counts, pace }));
  });
  if (written.length > 0) {
    await writeOutcomes(database, id, written);
  }
}

async function reportTrip(
  { database, log }: BrakeExchangeDeps,
  { name }: BrakeExchangeOptions,
  brake: ChannelBrake,
): Promise<void> {
  const { trip } = brake;
  if (trip === undefined) return;
  const { channel } = brake;
  const firstTrialMs = needsPerson(trip.kind) ? null : trialIntervalMs(0);
  const isFirst = await tripBrake(database, { channel, ...trip, by: `dispatcher ${name}`, firstTrialMs });
  brake.markReported();
  if (!isFirst) return;
  log.error({ channel, ...trip }, messageOf(channel, trip.kind));
}

function messageOf(channel: Channel, kind: BrakeKind): string {
  if (!needsPerson(kind)) {
    return 'brake is on: no bill goes out by this channel until the provider takes one again';
  }
  return nextChannel(channel) !== undefined
    ? 'brake is on: no bill goes out by any channel until `billcast resume --channel`'
    : 'brake is on: no bill goes out by this channel until `billcast resume --channel`';
}

async function reportTrial(
  { database, log }: BrakeExchangeDeps,
  { id, name }: BrakeExchangeOptions,
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

async function applyWords(
  { database, log, brakes }: BrakeExchangeDeps,
  { id, limits }: BrakeExchangeOptions,
): Promise<ChannelWord[]> {
  const { paused } = await readControl(database);
  const words = await readChannelWords(database, id, channelNames);
  for (const word of words) {
    const { channel, kind } = word;
    const brake = brakes[channel];
    const isPaused = paused || words.some((other) => stops(other, channel));
    const smsTurns = word.expectedSmsShare ?? limits.smsTurns;
    const before = { kind: brake.heardKind, isPaused: brake.isPaused ?? false };
    brake.applyWord({
      kind: kind ?? undefined,
      others: word.others,
      limits: limitsOf(channel, { ...limits, smsTurns }),
      releasedAtMs: word.releasedAt?.getTime() ?? 0,
      isPaused,
    });
    if (before.kind !== brake.heardKind) log.debug({ channel, kind }, 'brake read');
    if (before.isPaused !== isPaused) log.info({ channel, isPaused }, 'pause read');
  }
  return words;
}

/** A brake that waits for a person holds back the channels behind it too: bills that fail go on to them. */
function stops(word: ChannelWord, channel: Channel): boolean {
  const isBefore = channelNames.indexOf(word.channel) < channelNames.indexOf(channel);
  return isBefore && word.kind !== null && needsPerson(word.kind);
}

async function askForTrial(
  { database, hasWaiting }: BrakeExchangeDeps,
  { id, longestSendMs }: BrakeExchangeOptions,
  { brake, word }: { readonly brake: ChannelBrake; readonly word: ChannelWord },
): Promise<void> {
  const { channel } = brake;
  if (!word.isTrialDue || !brake.wantsTrial || !hasWaiting(channel)) return;
  const intervalMs = trialIntervalMs(word.brakedForMs);
  const leaseMs = intervalMs + longestSendMs;
  const trials = await takeTrialChance(database, { channel, by: id, leaseMs });
  if (trials !== undefined) brake.grantTrial({ expiresAtMs: performance.now() + intervalMs, intervalMs });
}
