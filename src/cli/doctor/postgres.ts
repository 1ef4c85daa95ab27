import type { Database } from '../../db/database.ts';
import { findMissingMigrations } from '../../db/migrate.ts';
import { readServerHealth, type ServerHealth } from '../../db/serverHealth.ts';
import { type Finding, fail, faultText, ok, warn } from './finding.ts';

/** The server, whether it forgets nothing, its clock and its schema. */
export const checkPostgres = async (database: Database): Promise<Finding[]> => {
  let health: ServerHealth;
  try {
    health = await readServerHealth(database);
  } catch (error) {
    return [fail('postgresql', `it does not answer: ${faultText(error)}; check DATABASE_URL`)];
  }
  return [
    judgeServer(health),
    judgeDurability(health),
    judgeStandbys(health),
    judgeClock(health),
    judgeSchema(await findMissingMigrations(database)),
  ];
};

const oldestMajor = 15;

/** Pure, as are all that judge. */
export const judgeServer = ({ version, inRecovery }: ServerHealth): Finding => {
  if (inRecovery) return fail('postgresql', 'it is a read-only standby: point DATABASE_URL at the primary');
  return Number.parseInt(version, 10) < oldestMajor
    ? warn(
        'postgresql',
        `version ${version} is older than billcast is tested with: upgrade to ${oldestMajor} or later`,
      )
    : ok('postgresql', `version ${version} answers`);
};

export const judgeDurability = (health: ServerHealth): Finding => {
  const settings = {
    synchronous_commit: health.synchronousCommit === 'remote_apply' ? 'on' : health.synchronousCommit,
    fsync: health.fsync,
    full_page_writes: health.fullPageWrites,
  };
  const off = Object.entries(settings).flatMap(([name, value]) =>
    value === 'on' ? [] : [`${name} = ${value}`],
  );
  return off.length === 0
    ? ok('durability', 'what is committed is on disk')
    : fail(
        'durability',
        `${off.join(', ')}: switch on, or a crash forgets what was handed off and it is sent twice`,
      );
};

export const judgeStandbys = ({ standbys, synchronousStandbyNames }: ServerHealth): Finding => {
  if (standbys === 0) return ok('standbys', 'there are none, so none can take over with bills forgotten');
  return synchronousStandbyNames === ''
    ? warn(
        'standbys',
        `${standbys} follow, none is waited for: a fail-over can forget hand-offs and send bills twice; set synchronous_standby_names`,
      )
    : ok('standbys', `${standbys} follow, commits wait for ${synchronousStandbyNames}`);
};

const clockToleranceMs = 1_000;

export const judgeClock = ({ clockAheadMs }: ServerHealth): Finding =>
  Math.abs(clockAheadMs) <= clockToleranceMs
    ? ok(
        'clock',
        `the database's clock and this machine's are ${Math.round(Math.abs(clockAheadMs))} ms apart`,
      )
    : warn(
        'clock',
        `the database's clock is ${Math.round(clockAheadMs)} ms before this machine's: set both by NTP, orphans are judged by both`,
      );

export const judgeSchema = (missing: readonly string[]): Finding =>
  missing.length === 0
    ? ok('schema', 'up to date')
    : warn('schema', `${missing.join(', ')} missing: the next start adds it, or \`billcast migrate\` now`);
