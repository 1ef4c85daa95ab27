import { ClockOffset } from '../../src/policy/rate/clockOffset.ts';
import { RateLine } from '../../src/policy/rate/rateLine.ts';
import type { RateAsk, Reservation } from '../../src/policy/rate/reservation.ts';
import { createRandom, type Random } from '../../src/sample/random.ts';

/** Times of one machine: virtual, and told by a clock of its own. */
export interface SimulatedProcess {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  /** Its clock ahead of the true time. */
  readonly clockAheadMs: number;
  /** Bills that come per second. */
  readonly load: number;
}

export interface Simulation {
  readonly perSecond: number;
  readonly usedShare: number;
  readonly forMs: number;
  readonly processes: readonly SimulatedProcess[];
  readonly seed: number;
  /** On machines that are short of CPU. */
  readonly isStarved?: boolean;
}

interface Event {
  readonly atMs: number;
  readonly run: () => void;
  isCancelled: boolean;
}

/** Time that passes only as events say. */
export class VirtualTime {
  nowMs = 0;
  readonly #events: Event[] = [];

  after(delayMs: number, run: () => void): () => void {
    const event = { atMs: this.nowMs + Math.max(0, delayMs), run, isCancelled: false };
    const at = this.#events.findIndex(({ atMs }) => atMs > event.atMs);
    this.#events.splice(at === -1 ? this.#events.length : at, 0, event);
    return () => {
      event.isCancelled = true;
    };
  }

  /** Promises that an event resolves are settled before the next event, as with `setImmediate`. */
  runUntil(endMs: number): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const step = (): void => {
      try {
        const next = this.#takeNext(endMs);
        if (next === undefined) {
          resolve();
        } else {
          next.run();
          setImmediate(step);
        }
      } catch (error) {
        reject(error);
      }
    };
    step();
    return promise;
  }

  #takeNext(endMs: number): Event | undefined {
    for (let [next] = this.#events; next !== undefined && next.atMs <= endMs; [next] = this.#events) {
      this.#events.shift();
      this.nowMs = next.atMs;
      if (!next.isCancelled) return next;
    }
    return undefined;
  }
}

/** The row of `provider_rate`, as `reserveSends` changes it. */
export class SimulatedRow {
  #nextMs = 0;

  reserve({ count, leadMs }: RateAsk, stepMs: number, nowMs: number): number | undefined {
    if (this.#nextMs >= nowMs + 500) return undefined;
    const firstMs = Math.max(this.#nextMs, nowMs + leadMs);
    this.#nextMs = firstMs + count * stepMs;
    return firstMs;
  }
}

/** Runs processes against one rate. @returns when the provider received each send, ms, in order */
export async function simulateRate(simulation: Simulation): Promise<number[]> {
  const time = new VirtualTime();
  const row = new SimulatedRow();
  const random = createRandom(simulation.seed, 0n);
  const arrivals: number[] = [];
  for (const process of simulation.processes) {
    time.after(process.startsAtMs, () => run(process, { simulation, time, row, random, arrivals }));
  }
  await time.runUntil(simulation.forMs);
  return arrivals.sort((a, b) => a - b);
}

interface World {
  readonly simulation: Simulation;
  readonly time: VirtualTime;
  readonly row: SimulatedRow;
  readonly random: Random;
  readonly arrivals: number[];
}

function run(process: SimulatedProcess, { simulation, time, row, random, arrivals }: World): void {
  const stepMs = 1_000 / (simulation.perSecond * simulation.usedShare);
  const offset = new ClockOffset();
  const now = (): number => time.nowMs + process.clockAheadMs;
  const isAlive = (): boolean => time.nowMs < process.endsAtMs;
  const between = (least: number, most: number): number => random.integer(least * 100, most * 100) / 100;
  /** The time until which it stands still. */
  let stoppedUntilMs = 0;
  const stop = (): void => {
    stoppedUntilMs = time.nowMs + between(5, 60);
    time.after(between(100, 1_000), stop);
  };
  if (simulation.isStarved) time.after(between(0, 500), stop);
  const handOffMs = (): number =>
    simulation.isStarved && random.integer(1, 10) === 1 ? between(80, 160) : between(3, 40);
  let waiting = 0;
  const line = new RateLine({
    perSecond: simulation.perSecond,
    now,
    startTimer: (callback, afterMs) =>
      time.after(Math.max(afterMs + between(0, 4), stoppedUntilMs - time.nowMs), () => {
        if (isAlive()) callback();
      }),
    reserve: (ask) =>
      new Promise((resolve) => {
        const sentMs = now();
        time.after(between(0.2, 8), () => {
          const firstMs = row.reserve(ask, stepMs, time.nowMs);
          const theirsMs = time.nowMs;
          time.after(between(0.2, 8), () => {
            if (firstMs === undefined) return resolve(undefined);
            const aheadMs = offset.observe({ theirsMs, sentMs, receivedMs: now() });
            resolve({ firstMs: firstMs - aheadMs, stepMs, count: ask.count } satisfies Reservation);
          });
        });
      }),
  });
  const take = (): void => {
    const count = Math.min(waiting, line.room);
    if (count > 0) {
      waiting -= count;
      line.letThrough(count);
      time.after(Math.max(handOffMs(), stoppedUntilMs - time.nowMs), () => {
        for (let bill = 0; bill < count && isAlive(); bill++) void line.enter().then(send);
      });
    }
    line.want(waiting);
  };
  const send = (turnEndsMs: number | undefined): void => {
    if (turnEndsMs === undefined) waiting++;
    else if (isAlive()) write(turnEndsMs);
  };
  /** Its connection is ready a moment later, or much later on a starved machine. */
  const write = (turnEndsMs: number): void => {
    const isSlow = simulation.isStarved === true && random.integer(1, 100) === 1;
    time.after(isSlow ? between(20, 250) : between(0.1, 2), () => {
      // The second turn has no end, as in `send` of the pipeline.
      if (now() > turnEndsMs) void line.enterAgain().then((next) => send(next && Number.POSITIVE_INFINITY));
      else arrivals.push(time.nowMs + between(0.2, 5));
    });
  };
  const arrive = (): void => {
    if (!isAlive()) return;
    waiting = Math.min(waiting + 1, 2 * simulation.perSecond);
    take();
    time.after(1_000 / process.load, arrive);
  };
  line.onRoom(take);
  arrive();
}

/** The most arrivals in any second, wherever it begins. */
export function fullestSecond(arrivals: readonly number[]): number {
  let [first, most] = [0, 0];
  for (const [last, atMs] of arrivals.entries()) {
    while ((arrivals[first] ?? 0) <= atMs - 1_000) first++;
    most = Math.max(most, last - first + 1);
  }
  return most;
}
