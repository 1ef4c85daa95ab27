import { h, type JSX } from 'preact';
import type { RunWithEvents } from '../../api/contract/runsContract.ts';
import { dataTable } from '../parts/dataTable.ts';
import { count, share } from '../words/format.ts';
import { say } from '../words/language.ts';
import { gateWords, runWords } from './runWords.ts';

/** A gate of the plan, with the canary's result. */
export interface GateRow {
  readonly gate: string;
  readonly limit: number;
  readonly seen: { readonly count: number; readonly of: number; readonly isAbove: boolean } | null;
}

/** Pure: the plan's limits, with the canary's present state or, if there is none, its latest verdict. */
export function gateRows({
  plan,
  canary,
  events,
}: Pick<RunWithEvents, 'plan' | 'canary' | 'events'>): GateRow[] {
  const limits = recordOf(plan.gates);
  const judged = canary?.gates ?? events.findLast(({ facts }) => Array.isArray(facts.gates))?.facts.gates;
  const verdicts = (Array.isArray(judged) ? judged : []).map(recordOf);
  return Object.entries(limits).flatMap(([gate, limit]) => {
    if (typeof limit !== 'number' || gate === 'waitMinutes') return [];
    const verdict = verdicts.find((one) => one.gate === gate);
    const seen =
      verdict === undefined
        ? null
        : { count: Number(verdict.count), of: Number(verdict.of), isAbove: verdict.isAbove === true };
    return [{ gate, limit, seen }];
  });
}

function recordOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function gateTable(run: RunWithEvents): JSX.Element {
  return dataTable<GateRow>(
    say(runWords.gates),
    [
      {
        head: say(runWords.gate),
        isHead: true,
        cell: ({ gate }) => say(gateWords[gate] ?? [gate, gate]),
      },
      { head: say(runWords.limit), isNumber: true, cell: ({ limit }) => percent(limit) },
      {
        head: say(runWords.seen),
        isNumber: true,
        cell: ({ seen }) =>
          seen === null
            ? h('span', { class: 'quiet' }, say(runWords.notSeen))
            : h(
                'span',
                { class: seen.isAbove ? 'late' : '' },
                `${count(seen.count)} / ${count(seen.of)} (${share(seen.count, seen.of)})`,
              ),
      },
    ],
    gateRows(run).map((row) => ({ key: row.gate, row })),
  );
}

function percent(limit: number): string {
  return share(limit * 1_000, 1_000);
}
