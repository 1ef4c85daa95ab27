import { tellRunOnce, writeExpectedEnd } from '../../db/runs/moveRun.ts';
import { readRunRest } from '../../db/runs/runRest.ts';
import { within } from '../../lib/timeLimit.ts';
import { type DeadlineVerdict, expectEnd, remainingOf } from '../../runs/runDeadline.ts';
import type { KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';
import type { Surroundings } from './runSurroundings.ts';

const everyMs = 5_000;
/** The first measurements of a rate jump, so one late forecast raises no alarm. */
const dangersBeforeAlarm = 3;

/** Keeps the expected end of a run. If it is later than the deadline, says so, and what would help. */
export async function watchDeadline(deps: KeeperDeps, kept: KeptRun, around: Surroundings): Promise<void> {
  const { run, memory } = kept;
  const now = performance.now();
  if (now < memory.nextDeadlineMs) return;
  memory.nextDeadlineMs = now + everyMs;
  await lookAtRest(deps, kept);
  const { endMs, deadline } = expectEnd(courseOf(deps, kept, around));
  const expectedEnd = endMs === null || run.state === 'PAUSED' ? null : new Date(endMs);
  await writeExpectedEnd(deps.database, run.number, expectedEnd);
  memory.dangers = deadline.kind === 'inDanger' ? memory.dangers + 1 : 0;
  if (deadline.kind === 'over') await tell(deps, kept, { what: 'deadlinePassed', deadline, expectedEnd });
  if (deadline.kind === 'inDanger' && memory.dangers >= dangersBeforeAlarm) {
    await tell(deps, kept, { what: 'deadlineInDanger', deadline, expectedEnd });
  }
}

const shortestLookMs = 15_000;
/** For millions of bills a look takes longer: then it goes on beside the release. */
const longestWaitMs = 1_000;
/** Looks may take a fiftieth of the time of one connection. */
const restPerLook = 50;

/**
 * Looks at every bill of the run if the run's numbers do not say what is left: other runs may have some of
 * its bills, or none is on its way.
 */
async function lookAtRest({ database, log }: KeeperDeps, { run, memory }: KeptRun): Promise<void> {
  const isNeeded = run.state === 'RUNNING' && (memory.mayOverlap || memory.batches.size === 0);
  const askedMs = performance.now();
  if (!isNeeded || askedMs < memory.nextRestMs) return;
  const { selection, asOf } = memory;
  memory.nextRestMs = Number.POSITIVE_INFINITY;
  const look = readRunRest(database, { run: run.number, selection, asOf })
    .then((rest) => {
      memory.rest = rest;
    })
    .catch((err: unknown) => log.warn({ err, run: run.id }, 'the rest of a run cannot be looked at'))
    .finally(() => {
      const now = performance.now();
      memory.nextRestMs = now + Math.max(shortestLookMs, (now - askedMs) * restPerLook);
    });
  await within(longestWaitMs, look);
}

interface Alarm {
  readonly what: 'deadlineInDanger' | 'deadlinePassed';
  readonly deadline: Extract<DeadlineVerdict, { readonly kind: 'inDanger' | 'over' }>;
  readonly expectedEnd: Date | null;
}

async function tell(
  { database, log, actor }: KeeperDeps,
  { run, memory }: KeptRun,
  { what, deadline: { help }, expectedEnd }: Alarm,
): Promise<void> {
  const facts = { deadline: memory.plan.deadline, expectedEnd, help };
  const isNew = await tellRunOnce(database, what, { run: run.number, actor, facts });
  if (!isNew) return;
  log.warn(
    { run: run.id, ...facts },
    what === 'deadlinePassed' ? 'deadline is over' : 'deadline is in danger',
  );
}

function courseOf({ config }: KeeperDeps, { run, memory }: KeptRun, around: Surroundings) {
  const { deadline, notBefore, pace, windows } = memory.plan;
  return {
    nowMs: run.now.getTime(),
    deadlineMs: deadline === null ? null : Date.parse(deadline),
    notBeforeMs: notBefore === null ? null : Date.parse(notBefore),
    remaining: remainingOf({
      approved: memory.proposal?.bills ?? null,
      released: run.released,
      onTheirWay: memory.batches.size,
      looked: memory.rest,
    }),
    waits: memory.rest && {
      bills: memory.rest.waiting,
      untilMs: memory.rest.waitsUntil?.getTime() ?? null,
    },
    measuredPerSecond: memory.speed.perSecond(),
    pacePerSecond: pace?.perSecond ?? null,
    times: { windows, channels: config.ladder.order },
    around: {
      isHeld: run.state === 'PAUSED',
      isClusterPaused: around.isPaused,
      brake: around.firstBrake,
      providerPerSecond: around.providerPerSecond,
      slowedBy: around.slowedBy,
      dispatchers: around.dispatchers,
    },
  };
}
