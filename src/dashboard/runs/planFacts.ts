import { h, type JSX } from 'preact';
import type { RunWithEvents } from '../../api/contract/runsContract.ts';
import { fact } from '../parts/actionFacts.ts';
import { channelName } from '../words/channelWords.ts';
import { count, moment, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { runWords } from './runWords.ts';

/**
 * The parts of a plan that are shown. The contract does not define them, so each is checked before it is
 * shown.
 */
interface ShownPlan {
  readonly selection?: {
    month?: string;
    billIds?: readonly string[];
    fields?: Readonly<Record<string, unknown>>;
  };
  readonly windows?: readonly {
    readonly channel?: string;
    readonly from: string;
    readonly to: string;
    readonly timeZone: string;
    readonly days: readonly string[];
  }[];
  readonly templates?: Readonly<Record<string, string>>;
  readonly seeds?: boolean;
  readonly deadline?: string | null;
  readonly notBefore?: string | null;
  readonly pace?: { readonly perSecond: number } | null;
  readonly canary?: { readonly bills?: number; readonly percent?: number } | null;
  readonly gates?: { readonly waitMinutes: number; readonly release: 'auto' | 'person' };
}

/** The plan of a run. A `publish` run has few parts. */
export function planFacts(run: RunWithEvents): JSX.Element {
  const plan: ShownPlan = run.plan;
  const { deadline = null, notBefore = null, pace = null, windows = [] } = plan;
  return h(
    'dl',
    { class: 'facts' },
    fact(say(runWords.selection), selectionText(plan, run.billCount)),
    fact(say(runWords.canary), canaryText(plan)),
    fact(say(runWords.pace), pace === null ? say(runWords.fast) : count(pace.perSecond)),
    fact(
      say(runWords.windows),
      windows.length === 0 ? say(runWords.always) : windows.map(windowText).join('; '),
    ),
    notBefore !== null && fact(say(runWords.notBefore), moment(notBefore)),
    deadline !== null && fact(say(runWords.deadline), moment(deadline)),
    plan.seeds === true && fact(say(runWords.seeds), say(runWords.seedsFirst)),
    fact(say(runWords.templates), templateText(plan)),
    fact(say(runWords.hash), [
      h('code', { title: run.planHash }, run.planHash.slice(0, 12)),
      h('small', null, ` ${say(runWords.hashHelp)}`),
    ]),
  );
}

function selectionText({ selection = {} }: ShownPlan, billCount: number | undefined): string {
  const { month, billIds, fields } = selection;
  if (month !== undefined) return month;
  if (billIds !== undefined) return `${count(billCount ?? billIds.length)} ${say(runWords.named)}`;
  const parts = Object.entries(fields ?? {}).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`);
  return parts.length === 0 ? '–' : parts.join('; ');
}

function canaryText({ canary = null, gates }: ShownPlan): string {
  if (canary === null) return say(runWords.noCanary);
  const size = canary.percent === undefined ? count(canary.bills) : share(canary.percent, 100);
  if (gates === undefined) return size;
  const waits = `${say(runWords.wait)} ${count(gates.waitMinutes)} ${say(runWords.minutes)}`;
  return `${size}, ${waits}, ${say(runWords.rest)} ${say(runWords[gates.release])}`;
}

function windowText({
  channel,
  from,
  to,
  timeZone,
  days,
}: NonNullable<ShownPlan['windows']>[number]): string {
  const only = days.length === 7 ? '' : ` ${days.join(' ')}`;
  return `${channel === undefined ? '' : `${channelName(channel)} `}${from}–${to} ${timeZone}${only}`;
}

function templateText({ templates = {} }: ShownPlan): string {
  const whole = Object.entries(templates).filter(([name]) => !name.includes('/'));
  return whole.length === 0 ? '–' : whole.map(([name, hash]) => `${name} ${hash.slice(0, 12)}`).join(', ');
}
