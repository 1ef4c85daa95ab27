import type { Config } from '../../config/loadConfig.ts';
import type { Database } from '../../db/database.ts';
import { timeIn } from '../../lib/timeText.ts';
import type { DayLimits } from '../../providers/dayQuota.ts';
import { readWarmup, usedWarmup, type WarmupNumber, type WarmupState, warmupText } from '../warmupToday.ts';
import { type Finding, ok, warn } from './finding.ts';

/** Says how many mails the warm-up plan allows today, if there is a plan. */
export async function checkWarmup(config: Config, database: Database): Promise<Finding[]> {
  const state = await readWarmup({ config, database });
  const plan = usedWarmup(config)?.plan;
  if (state === null || plan === undefined) return [];
  const limitsOf = (receiver: string | null) =>
    (receiver === null ? plan.all : plan.byReceiver.get(receiver)) ?? [];
  return state.numbers.map((number) =>
    judgeWarmup(state, { number, limits: limitsOf(number.receiver) }, timeIn(config.timeZone)),
  );
}

/** Pure. */
export function judgeWarmup(
  state: WarmupState,
  { number, limits }: { readonly number: WarmupNumber; readonly limits: DayLimits },
  time: (at: Date) => string,
): Finding {
  const check = `warm-up of ${state.sender}${number.receiver === null ? '' : ` at ${number.receiver}`}`;
  const text = warmupText(state, number, time);
  if (number.planned === null) return warn(check, `${text}: remove it from SMTP_WARMUP, it only costs`);
  if (number.isUsedUp) return warn(check, text);
  const last = limits.at(-1);
  return last !== undefined && last.from <= state.day
    ? warn(
        check,
        `${text}; this is the last number of SMTP_WARMUP, and it stays: add further days, or unlimited`,
      )
    : ok(check, text);
}
