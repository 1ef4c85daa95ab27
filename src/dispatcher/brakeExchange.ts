import type { DispatcherId } from '../bill.ts';
import type { Channel } from '../channels.ts';
import { failBrakeTrial, releaseByTrial, takeTrialChance, tripBrake } from '../db/brake.ts';
import { type ChannelWord, readChannelWords, writeOutcomes } from '../db/channelOutcomes.ts';
import { readControl } from '../db/control.ts';
import type { Database } from '../db/database.ts';
import { channelsBefore, hasNext, type Ladder } from '../ladder.ts';
import type { Logger } from '../log/log.ts';
import type { ChannelBrake } from '../policy/brake/channelBrake.ts';
import { trialIntervalMs } from '../policy/brake/trials.ts';
import { type BrakeKind, type BrakeLimits, needsPerson } from '../policy/brake/verdict.ts';
import type { RouteName } from '../providers/providerShares.ts';

/** Keeps the brakes of this process and those of the cluster in step. */
export interface BrakeExchange {
  /** Reads the state of the cluster's brakes once, and then every `everyMs`. Nothing may start before. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

export interface BrakeExchangeDeps {
  readonly database: Database;
  readonly log: Logger;
  /** One per channel and provider. */
  readonly brakes: readonly ChannelBrake[];
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
  readonly ladder: Ladder;
  /** The longest time until a trial is answered. */
  readonly longestSendMs: number;
}

/** If no bill can go on by a next channel, the limit of turns never stops this channel. */
export function limitsOf(ladder: Ladder, channel: Channel, limits: BrakeLimits): BrakeLimits {
  return hasNext(ladder, channel) ? limits : { ...limits, smsTurns: 1 };
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

  for (const brake of brakes) {
    brake.onNews(turnSoon);
    brake.onPaced((cause) =>
      log.warn({ channel: brake.route, cause }, 'provider wants fewer bills at a time: slowing down'),
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
      await Promise.all(brakes.map(({ gate }) => gate.stop()));
    },
  };
}

/**
 * One exchange: reports what happened here, reads what happened everywhere, then asks for a trial if one is
 * due.
 */
async function exchangeWords(deps: BrakeExchangeDeps, options: BrakeExchangeOptions): Promise<void> {
  const { brakes } = deps;
  await reportOutcomes(deps, options);
  for (const brake of brakes) {
    await reportTrip(deps, options, brake);
    await reportTrial(deps, options, brake);
  }
  const wordOf = await applyWords(deps, options);
  for (const brake of brakes) await askForTrial(deps, options, { brake, word: wordOf(brake) });
}

async function reportOutcomes(
  { database, brakes }: BrakeExchangeDeps,
  { id }: BrakeExchangeOptions,
): Promise<void> {
  const written = brakes.flatMap(({ route, window, paceFacts: pace }) => {
    if (pace !== undefined) window.keepFresh(performance.now());
    return window.takeUnwritten().map(({ number, counts }) => ({ route, bucket: number, counts, pace }));
  });
  if (written.length > 0) {
    await writeOutcomes(database, id, written);
  }
}

async function reportTrip(
  { database, log }: BrakeExchangeDeps,
  { name, ladder }: BrakeExchangeOptions,
  brake: ChannelBrake,
): Promise<void> {
  const { trip } = brake;
  if (trip === undefined) return;
  const { channel, route } = brake;
  const isForPerson = needsPerson(trip.kind);
  const firstTrialMs = isForPerson ? null : trialIntervalMs(0);
  const tripped = { ...trip, brake: isForPerson ? channel : route };
  const isFirst = await tripBrake(database, { ...tripped, by: `dispatcher ${name}`, firstTrialMs });
  brake.markReported();
  if (!isFirst) return;
  log.error({ channel: tripped.brake, ...trip }, messageOf(ladder, brake, trip.kind));
}

function messageOf(ladder: Ladder, { channel, route }: ChannelBrake, kind: BrakeKind): string {
  if (!needsPerson(kind)) {
    return route === channel
      ? 'brake is on: no bill goes out by this channel until the provider takes one again'
      : 'brake is on: no bill goes out by this provider until it takes one again';
  }
  return hasNext(ladder, channel)
    ? 'brake is on: no bill goes out by it or by later channels until `billcast resume --channel`'
    : 'brake is on: no bill goes out by this channel until `billcast resume --channel`';
}

async function reportTrial(
  { database, log }: BrakeExchangeDeps,
  { id, name }: BrakeExchangeOptions,
  brake: ChannelBrake,
): Promise<void> {
  const ended = brake.takeEndedTrial();
  if (ended === undefined) return;
  const { result, msToNext } = ended;
  if (result === 'accepted') {
    const isReleased = await releaseByTrial(database, ended.brake, `dispatcher ${name}`);
    if (isReleased) log.warn({ channel: ended.brake }, 'brake is off: the provider takes bills again');
    return;
  }
  await failBrakeTrial(database, { brake: ended.brake, by: id, nextTrialMs: msToNext, ...result });
}

/**
 * What the cluster says about a route: about its provider and, if that is stricter, about the whole channel.
 */
interface RouteWord {
  /** Whose brake is on, if any is. */
  readonly holder: ChannelWord;
  readonly own: ChannelWord;
  readonly releasedAtMs: number;
}

async function applyWords(
  { database, log, brakes }: BrakeExchangeDeps,
  { id, limits, ladder }: BrakeExchangeOptions,
): Promise<(brake: ChannelBrake) => RouteWord> {
  const { paused } = await readControl(database);
  const names = new Set([...ladder.order, ...brakes.flatMap(({ channel, route }) => [channel, route])]);
  const words = new Map((await readChannelWords(database, id, [...names])).map((word) => [word.brake, word]));
  for (const brake of brakes) {
    const { channel, route } = brake;
    const { holder, own, releasedAtMs } = routeWord(words, brake);
    const kind = holder.kind ?? undefined;
    const isPaused = paused || channelsBefore(ladder, channel).some((other) => holdsBack(words.get(other)));
    const smsTurns = own.expectedSmsShare ?? limits.smsTurns;
    const before = { kind: brake.heardKind, isPaused: brake.isPaused ?? false };
    brake.applyWord({
      kind,
      others: own.others,
      limits: limitsOf(ladder, channel, { ...limits, smsTurns }),
      releasedAtMs,
      isPaused,
    });
    if (before.kind !== brake.heardKind) log.debug({ channel: route, kind }, 'brake read');
    if (before.isPaused !== isPaused) log.info({ channel: route, isPaused }, 'pause read');
  }
  return (brake) => routeWord(words, brake);
}

function routeWord(
  words: ReadonlyMap<RouteName, ChannelWord>,
  { channel, route }: Pick<ChannelBrake, 'channel' | 'route'>,
): RouteWord {
  const [own, whole] = [words.get(route), words.get(channel)];
  if (own === undefined || whole === undefined) throw new RangeError(`nothing was read about ${route}`);
  const releasedAtMs = Math.max(own.releasedAt?.getTime() ?? 0, whole.releasedAt?.getTime() ?? 0);
  return { own, releasedAtMs, holder: whole.kind === null ? own : whole };
}

/**
 * If a channel's brake waits for a person, the channels after it are held back too: its failed bills go on to
 * them.
 */
function holdsBack(word: ChannelWord | undefined): boolean {
  return word !== undefined && word.kind !== null && needsPerson(word.kind);
}

async function askForTrial(
  { database, hasWaiting }: BrakeExchangeDeps,
  { id, longestSendMs }: BrakeExchangeOptions,
  { brake, word: { holder } }: { readonly brake: ChannelBrake; readonly word: RouteWord },
): Promise<void> {
  if (!holder.isTrialDue || !brake.wantsTrial || !hasWaiting(brake.channel)) return;
  const intervalMs = trialIntervalMs(holder.brakedForMs);
  const chance = { brake: holder.brake, by: id, leaseMs: intervalMs + longestSendMs };
  const trials = await takeTrialChance(database, chance);
  if (trials === undefined) return;
  brake.grantTrial({ brake: holder.brake, expiresAtMs: performance.now() + intervalMs, intervalMs });
}
