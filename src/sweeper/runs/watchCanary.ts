import { readCanary } from '../../db/runs/canaryOutcomes.ts';
import { chooseCanary } from '../../db/runs/chooseCanary.ts';
import { movePastGates, moveToGate, moveWithoutCanary } from '../../db/runs/moveRun.ts';
import { releaseCanary } from '../../db/runs/releaseOfRun.ts';
import { counted } from '../../lib/counted.ts';
import { type CanaryGroup, countCanary, openBillsOf } from '../../runs/canaryCounts.ts';
import {
  type CanaryOutcomes,
  type GateResult,
  holdOfGate,
  inThousands,
  judgeCanary,
  sentencesOf,
} from '../../runs/gates.ts';
import { followReleased } from './followReleased.ts';
import { heldByBills } from './heldByBills.ts';
import { type Hold, holdRun, type KeeperDeps } from './keeperDeps.ts';
import { heldByBrake, heldBySource, heldByTemplate, whyWaits } from './mayRelease.ts';
import { mostPerRelease, roomNow } from './roomNow.ts';
import type { KeptRun } from './runMemory.ts';
import type { Surroundings } from './runSurroundings.ts';

/**
 * Chooses the canary and releases it. If anything is wrong already, the run is held before its first bill.
 */
export async function releaseCanaryBills(
  deps: KeeperDeps,
  kept: KeptRun,
  around: Surroundings,
): Promise<void> {
  if (await isHeld(deps, kept, around)) return;
  const waiting = whyWaits(deps, kept, around);
  await followReleased(deps, kept, waiting === undefined);
  if (waiting !== undefined || (await heldByBills(deps, kept))) return;
  const { run, memory } = kept;
  const { plan, selection, asOf } = memory;
  const { database, actor, config } = deps;
  if (plan.canary !== null) {
    await chooseCanary(database, { run: run.number, selection, asOf, canary: plan.canary, actor });
  }
  const limit = Math.min(roomNow(memory, around), mostPerRelease);
  if (limit === 0) return;
  const released = await releaseCanary(database, { run: run.number, order: config.ladder.order, limit });
  memory.batches.add(released);
  if (released.length < limit) await endRelease(deps, kept);
}

/** Each move checks that the run is still where it was seen: another keeper may have been faster. */
async function endRelease({ database, log, actor }: KeeperDeps, { run }: KeptRun): Promise<void> {
  const move = { run: run.number, actor };
  if (await moveToGate(database, move)) log.info({ run: run.id }, 'canary is released');
  else await moveWithoutCanary(database, move);
}

/** Waits until the canary has ended, and judges it. */
export async function watchGates(deps: KeeperDeps, kept: KeptRun, around: Surroundings): Promise<void> {
  if (await isHeld(deps, kept, around)) return;
  const { run, memory } = kept;
  const askedMs = performance.now();
  if (askedMs < memory.nextLookMs) return;
  const { groups, quietMs } = await readCanary(deps.database, run.number);
  const outcomes = countCanary(groups);
  const verdict = judgeCanary(outcomes, memory.plan.gates);
  const tookMs = performance.now() - askedMs;
  // If other runs have released all of the canary, there is nothing to wait for.
  const isOver = quietMs === null || quietMs >= memory.plan.gates.waitMinutes * 60_000;
  const everyMs = verdict.kind === 'open' ? lookEveryMs : lookWhileWaitingMs;
  memory.nextLookMs = askedMs + Math.max(everyMs, tookMs * restPerLook);
  switch (verdict.kind) {
    case 'open':
      return holdIfStuck(deps, kept, { groups, outcomes, isPaused: around.isPaused });
    case 'tripped':
      return holdByGate(deps, kept, { code: holdOfGate(verdict.gate), why: '', gates: verdict.gates });
    case 'tooFew':
      if (!isOver) return;
      return holdByGate(deps, kept, {
        code: 'CANARY_WAITS',
        why: `the canary has ${counted(verdict.judged, 'bill')}, too few to judge: `,
        gates: verdict.gates,
      });
    case 'passed':
      if (isOver) await pass(deps, kept, verdict.gates);
      return;
    default:
      return verdict satisfies never;
  }
}

const lookEveryMs = 1_000;
const lookWhileWaitingMs = 5_000;
/** Looks may take a twentieth of the time of one connection. */
const restPerLook = 20;

async function isHeld(deps: KeeperDeps, kept: KeptRun, around: Surroundings): Promise<boolean> {
  return (
    (await heldByTemplate(deps, kept, around)) ||
    (await heldByBrake(deps, kept, around)) ||
    (await heldBySource(deps, kept))
  );
}

async function pass(deps: KeeperDeps, kept: KeptRun, gates: readonly GateResult[]): Promise<void> {
  const { run, memory } = kept;
  const why = 'the canary is good, and the plan says that a person lets the rest go: ';
  if (memory.plan.gates.release === 'person') {
    return holdByGate(deps, kept, { code: 'CANARY_WAITS', why, gates });
  }
  const { database, actor, log } = deps;
  const facts = { detail: sentencesOf(gates), gates: factsOf(gates) };
  if (await movePastGates(database, { run: run.number, actor, facts })) {
    log.info({ run: run.id, gates: sentencesOf(gates) }, 'canary is good: the rest is released');
  }
}

function holdByGate(
  deps: KeeperDeps,
  kept: KeptRun,
  {
    code,
    why,
    gates,
  }: { readonly code: Hold['code']; readonly why: string; readonly gates: readonly GateResult[] },
): Promise<void> {
  return holdRun(deps, kept, {
    code,
    detail: `${why}${sentencesOf(gates)}`,
    facts: { gates: factsOf(gates) },
  });
}

function factsOf(gates: readonly GateResult[]) {
  return gates.map(({ gate, count, of, limit, isAbove }) => ({ gate, count, of, limit, isAbove }));
}

/** If no bill of a canary ends for so long, something is broken. */
const stuckMs = 300_000;

interface OpenCanary {
  readonly groups: readonly CanaryGroup[];
  readonly outcomes: CanaryOutcomes;
  readonly isPaused: boolean;
}

async function holdIfStuck(
  deps: KeeperDeps,
  kept: KeptRun,
  { groups, outcomes, isPaused }: OpenCanary,
): Promise<void> {
  const { memory } = kept;
  const now = performance.now();
  const ended = outcomes.bills - outcomes.onTheirWay - outcomes.waiting;
  const { bills, top } = openBillsOf(groups);
  if (ended !== memory.ended.bills || isPaused || bills === 0) memory.ended = { bills: ended, sinceMs: now };
  if (now - memory.ended.sinceMs < stuckMs) return;
  const mostly = top === undefined ? '' : `, mostly ${top.reason} (${inThousands(top.bills)})`;
  await holdRun(deps, kept, {
    code: 'CANARY_STUCK',
    detail:
      `${inThousands(bills)} of ${inThousands(outcomes.bills)} bills of the canary have not ended, and none has ` +
      `for ${stuckMs / 60_000} minutes${mostly}: \`billcast doctor\` and the log of the dispatchers say more`,
  });
}
