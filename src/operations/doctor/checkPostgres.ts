import { clearDatabaseError } from '../../db/clearError.ts';
import type { Database } from '../../db/database.ts';
import { readServerHealth, type ServerHealth } from '../../db/reads/serverHealth.ts';
import { readSchemaState, type SchemaState } from '../../db/schemaState.ts';
import { readTableRights, type TableRights } from '../../db/tableRights.ts';
import { type Finding, fail, faultText, ok, warn } from './finding.ts';

/** Checks the server, the connection to it, its durability, its clock, its schema and our rights. */
export async function checkPostgres(database: Database): Promise<Finding[]> {
  let health: ServerHealth;
  try {
    health = await readServerHealth(database);
  } catch (error) {
    const clear = clearDatabaseError(error);
    const text =
      clear === undefined ? `it does not answer: ${faultText(error)}; check DATABASE_URL` : faultText(clear);
    return [fail('postgresql', text)];
  }
  return [
    judgeServer(health),
    judgeEncryption(health),
    judgePooler(health),
    judgeDurability(health),
    judgeStandbys(health),
    judgeClock(health),
    judgeSchema(await readSchemaState(database)),
    judgeRights(await readTableRights(database)),
  ];
}

const oldestMajor = 15;

/** Pure, like all functions that judge. */
export function judgeServer({ version, inRecovery }: ServerHealth): Finding {
  if (inRecovery) return fail('postgresql', 'it is a read-only standby: point DATABASE_URL at the primary');
  return Number.parseInt(version, 10) < oldestMajor
    ? warn(
        'postgresql',
        `version ${version} is older than billcast is tested with: upgrade to ${oldestMajor} or later`,
      )
    : ok('postgresql', `version ${version} answers`);
}

export function judgeEncryption({ isEncrypted, isLocal, isPooled }: ServerHealth): Finding {
  if (isEncrypted) {
    return ok(
      'database tls',
      isPooled ? "the pooler's connection to it is encrypted" : 'the connection to it is encrypted',
    );
  }
  return isLocal
    ? ok('database tls', 'the connection to it is unencrypted and stays on this machine')
    : warn(
        'database tls',
        'the connection is unencrypted, with names, addresses and the password: set ' +
          'sslmode=verify-full and sslrootcert in DATABASE_URL',
      );
}

export function judgePooler({ isPooled, synchronousCommit }: ServerHealth): Finding {
  if (!isPooled) return ok('pooler', 'there is none');
  return synchronousCommit === 'on' || synchronousCommit === 'remote_apply'
    ? ok('pooler', 'there is one: it works, but every statement is planned each time')
    : warn(
        'pooler',
        'there is one, so our synchronous_commit = on does not reach the server (it is ' +
          `${synchronousCommit}): alter role ... set synchronous_commit = on`,
      );
}

export function judgeRights({ unreadable, unwritable, writesSome }: TableRights): Finding {
  if (unreadable.length === 0 && unwritable.length === 0) {
    return ok('rights', 'everything that a dispatcher needs');
  }
  if (unreadable.length === 0 && !writesSome) {
    return warn(
      'rights',
      'this role may only read: a dispatcher needs `npx billcast migrate --grant-run ROLE`',
    );
  }
  const tables = [...new Set([...unreadable, ...unwritable])];
  return fail(
    'rights',
    `this role may not read or change ${tables.join(', ')}: \`npx billcast migrate --grant-run ` +
      'ROLE`, run by the owner',
  );
}

export function judgeDurability(health: ServerHealth): Finding {
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
        `${off.join(', ')}: switch on, or a crash loses hand-offs, and their bills are sent twice`,
      );
}

export function judgeStandbys({ standbys, synchronousStandbyNames }: ServerHealth): Finding {
  if (standbys === 0) return ok('standbys', 'there are none, so a fail-over cannot lose hand-offs');
  return synchronousStandbyNames === ''
    ? warn(
        'standbys',
        `${standbys} follow, and commits wait for none: a fail-over can lose hand-offs and send ` +
          'bills twice; set synchronous_standby_names',
      )
    : ok('standbys', `${standbys} follow, commits wait for ${synchronousStandbyNames}`);
}

const clockToleranceMs = 1_000;

export function judgeClock({ clockAheadMs }: ServerHealth): Finding {
  return Math.abs(clockAheadMs) <= clockToleranceMs
    ? ok(
        'clock',
        `the database's clock and this machine's are ${Math.round(Math.abs(clockAheadMs))} ms apart`,
      )
    : warn(
        'clock',
        `the database's clock is ${Math.round(clockAheadMs)} ms ahead of this machine's: set both ` +
          'by NTP, because lost events are found by both',
      );
}

export function judgeSchema({ missing, newer, incompatible }: SchemaState): Finding {
  if (missing.length > 0) {
    return fail(
      'schema',
      `${missing.join(', ')} missing: run \`npx billcast migrate\`; nothing else runs before that`,
    );
  }
  if (incompatible.length > 0) {
    return fail(
      'schema',
      `${incompatible.join(', ')} of a newer billcast forbid this version: install the newer one here`,
    );
  }
  return newer.length === 0
    ? ok('schema', 'up to date')
    : ok('schema', `of a newer billcast (${newer.join(', ')}), which this version can use`);
}
