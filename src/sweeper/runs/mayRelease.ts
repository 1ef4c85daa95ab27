import { checkSource } from '../../db/source/checkSource.ts';
import { BillcastError } from '../../errors.ts';
import { windowStateAt } from '../../runs/sendWindows.ts';
import { holdRun, type KeeperDeps } from './keeperDeps.ts';
import type { KeptRun } from './runMemory.ts';
import type { Surroundings } from './runSurroundings.ts';

/** Why nothing of a run is released now. It goes on by itself when the reason is gone. */
export type Waiting = 'notBefore' | 'window' | 'clusterPaused' | 'brake';

/** Pure: the time is `run.now`, by the database's clock. */
export function whyWaits(
  { config }: Pick<KeeperDeps, 'config'>,
  { run, memory }: KeptRun,
  around: Surroundings,
): Waiting | undefined {
  const { notBefore, windows } = memory.plan;
  if (notBefore !== null && run.now < new Date(notBefore)) return 'notBefore';
  if (around.isPaused) return 'clusterPaused';
  if (around.firstBrake !== undefined) return 'brake';
  const times = { windows, channels: config.ladder.order };
  return windowStateAt(times, run.now.getTime()).isOpen ? undefined : 'window';
}

/**
 * Holds the run if dispatchers print with a template other than the approved one.
 * @returns whether the run is held
 */
export async function heldByTemplate(
  deps: KeeperDeps,
  kept: KeptRun,
  { templateVersions }: Surroundings,
): Promise<boolean> {
  const approved = Object.entries(kept.memory.plan.templates).filter(([name]) => !name.includes('/'));
  const known = new Set(approved.map(([, version]) => version));
  const others = templateVersions.filter((version) => !known.has(version));
  if (known.size === 0 || others.length === 0) return false;
  await holdRun(deps, kept, {
    code: 'TEMPLATE_CHANGED',
    detail:
      `dispatchers print with version ${others.map(short).join(', ')}, approved was ` +
      `${[...known].map(short).join(', ')}: put the approved files back and resume, or close this run and ` +
      `plan another for the bills that are left`,
  });
  return true;
}

function short(version: string): string {
  return version.slice(0, 12);
}

const checkSourceEveryMs = 10_000;

/**
 * Holds the run if the tables of the bills cannot be read as they must be: otherwise each of its bills would
 * wait in a dispatcher.
 * @returns whether the run is held
 */
export async function heldBySource(deps: KeeperDeps, kept: KeptRun): Promise<boolean> {
  const { memory } = kept;
  if (performance.now() < memory.nextSourceCheckMs) return false;
  memory.nextSourceCheckMs = performance.now() + checkSourceEveryMs;
  try {
    await checkSource(deps.database, deps.config.source);
    return false;
  } catch (error) {
    if (!(error instanceof BillcastError)) throw error;
    await holdRun(deps, kept, { code: 'SOURCE_INVALID', detail: error.message });
    return true;
  }
}

/** Holds a run whose canary is out while a brake is on. @returns whether the run is held */
export async function heldByBrake(
  deps: KeeperDeps,
  kept: KeptRun,
  { brakes }: Surroundings,
): Promise<boolean> {
  const [first] = brakes;
  if (first === undefined) return false;
  await holdRun(deps, kept, { code: 'BRAKE', detail: `a brake is on: ${brakes.join('; ')}` });
  return true;
}
