import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { type OpenRehearsal, readOpenRehearsals } from '../../db/runs/openRehearsals.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Pure: whether these settings allow only rehearsals. Then no member gets a bill. */
export function judgeSafeMode({ safeMode }: Pick<Config, 'safeMode'>): Finding {
  if (safeMode === undefined) return ok('safe mode', 'it is off: bills go to their members');
  const { onlyTo, redirectTo } = safeMode;
  const set = [
    ...(onlyTo === undefined ? [] : [`DELIVER_ONLY_TO has ${onlyTo.length} entries`]),
    ...(redirectTo === undefined ? [] : ['REDIRECT_ALL_TO is set']),
  ];
  return warn(
    'safe mode',
    `${set.join(' and ')}: only \`billcast run rehearse\` sends, dispatchers do not start, and no member gets a ` +
      'bill; unset it before you send a month',
  );
}

export async function checkRehearsals(database: Database): Promise<Finding[]> {
  return [judgeRehearsals(await readOpenRehearsals(database))];
}

/** Pure. */
export function judgeRehearsals(open: readonly OpenRehearsal[]): Finding {
  if (open.length === 0) return ok('rehearsals', 'none goes on');
  const named = open.map(({ run, state }) => `${run} (${state})`).join(', ');
  return warn(
    'rehearsals',
    `${named}: no member gets a bill by it; \`billcast run rehearse\` goes on with it, \`billcast run close\` ends it`,
  );
}
