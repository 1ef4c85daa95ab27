/** What a person typed into the form of a plan; an empty field counts as not given. */
export interface PlanFields {
  readonly month: string;
  readonly canaryPercent: string;
  readonly waitMinutes: string;
  readonly release: 'auto' | 'person';
  readonly perSecond: string;
  /** The value of a `datetime-local` field, in the time zone of the device. */
  readonly deadline: string;
  readonly notBefore: string;
  /** `HH:MM`, in the time zone of the bills. */
  readonly from: string;
  readonly to: string;
  readonly weekdaysOnly: boolean;
  readonly seeds: boolean;
}

export const emptyPlan: PlanFields = {
  month: '',
  canaryPercent: '1',
  waitMinutes: '10',
  release: 'person',
  perSecond: '',
  deadline: '',
  notBefore: '',
  from: '',
  to: '',
  weekdaysOnly: false,
  seeds: false,
};

const weekdays = ['mon', 'tue', 'wed', 'thu', 'fri'];

/** Pure: the plan in the form that the API takes. */
export function planOf(fields: PlanFields) {
  const { month, canaryPercent, waitMinutes, release, perSecond, deadline, notBefore } = fields;
  return {
    selection: { month },
    canary: canaryPercent === '' ? null : { percent: Number(canaryPercent) },
    gates: { release, ...(waitMinutes !== '' && { waitMinutes: Number(waitMinutes) }) },
    pace: perSecond === '' ? null : { perSecond: Number(perSecond) },
    deadline: instantOf(deadline),
    notBefore: instantOf(notBefore),
    windows: windowsOf(fields),
    seeds: fields.seeds,
  };
}

function windowsOf({ from, to, weekdaysOnly }: PlanFields) {
  if (from === '' && to === '' && !weekdaysOnly) return [];
  const hours = { from: from === '' ? '00:00' : from, to: to === '' ? '24:00' : to };
  return [weekdaysOnly ? { ...hours, days: weekdays } : hours];
}

function instantOf(local: string): string | null {
  return local === '' ? null : new Date(local).toISOString();
}
