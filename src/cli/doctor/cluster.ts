import type { Config } from '../../config.ts';
import { type ClusterHealth, readClusterHealth } from '../../db/clusterHealth.ts';
import { type Control, readControl, type Thrown } from '../../db/control.ts';
import type { Database } from '../../db/database.ts';
import { thrownText } from '../explain/switches.ts';
import { timeIn } from '../explain/wording.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Dispatchers, switches and bills in doubt. */
export const checkCluster = async (config: Config, database: Database): Promise<Finding[]> => {
  const health = await readClusterHealth(database, config.claimTtlMs);
  const time = timeIn(config.timeZone);
  return [
    judgeDispatchers(health),
    ...judgeSwitches(await readControl(database), time),
    judgeDoubts(health, config.sweep.lookupHorizonMs),
  ];
};

/** Pure, as are all that judge. */
export const judgeDispatchers = ({ alive, silent }: ClusterHealth): Finding => {
  if (silent.length > 0)
    return warn(
      'dispatchers',
      `${alive} alive, silent: ${silent.join(', ')}; the sweeper of another one, or \`billcast sweep\`, takes back what they held`,
    );
  return alive === 0
    ? warn('dispatchers', 'none runs, so nothing is sent: start one with `npx pm2 start ecosystem.config.js`')
    : ok('dispatchers', `${alive} alive`);
};

export const judgeSwitches = (control: Control, time: (at: Date) => string): Finding[] => {
  const thrown: readonly [Thrown | null, string, string][] = [
    [control.pause, 'sending is paused', 'resume'],
    [control.fallbackStopped, 'the SMS fallback is stopped', 'resume --fallback'],
    [control.sendingStopped.EMAIL, 'sending by e-mail is stopped', 'resume --channel EMAIL'],
    [control.sendingStopped.SMS, 'sending by SMS is stopped', 'resume --channel SMS'],
  ];
  const findings = thrown.flatMap(([one, what, command]) =>
    one === null
      ? []
      : [warn('switches', `${what} ${thrownText(one, time)}; \`billcast ${command}\` lets it go on`)],
  );
  return findings.length > 0 ? findings : [ok('switches', 'none is thrown')];
};

/** A doubt that outlives the horizon by far is one that the provider's lookup does not settle. */
const horizons = 3;

export const judgeDoubts = ({ inDoubt, oldestDoubtMs }: ClusterHealth, lookupHorizonMs: number): Finding => {
  if (oldestDoubtMs <= horizons * lookupHorizonMs)
    return ok('in doubt', inDoubt === 0 ? 'no bill' : `${inDoubt} bills, being looked up`);
  return warn(
    'in doubt',
    `${inDoubt} bills, the oldest for ${Math.round(oldestDoubtMs / 60_000)} min: see \`billcast resolve --list\``,
  );
};
