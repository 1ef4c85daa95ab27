import { type ComponentChild, h, type JSX } from 'preact';
import { common } from '../words/commonWords.ts';
import { say } from '../words/language.ts';
import type { PlanFields } from './planForm.ts';
import { planWords, runWords } from './runWords.ts';

type Change = (change: Partial<PlanFields>) => void;

/** The parts of a plan that a person fills in. */
export function planFields(fields: PlanFields, change: Change): JSX.Element {
  const input = (name: Text, attributes: Readonly<Record<string, unknown>>): JSX.Element =>
    h('input', {
      name,
      value: fields[name],
      onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
        change({ [name]: currentTarget.value }),
      ...attributes,
    });
  const choice = (name: Choice, text: string): JSX.Element =>
    h(
      'label',
      { class: 'choice' },
      h('input', {
        type: 'checkbox',
        name,
        checked: fields[name],
        onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
          change({ [name]: currentTarget.checked }),
      }),
      text,
    );
  const number = { type: 'number', step: 'any', inputMode: 'decimal' };
  return h(
    'div',
    { class: 'plan-fields' },
    field(
      say(common.month),
      input('month', { type: 'month', required: true, placeholder: '2026-11', pattern: '[0-9]{4}-[0-9]{2}' }),
    ),
    field(
      say(planWords.canary),
      input('canaryPercent', { ...number, min: 0.01, max: 100 }),
      say(planWords.canaryHelp),
    ),
    field(say(planWords.wait), input('waitMinutes', { ...number, min: 0, max: 10_080 })),
    field(say(planWords.release), releaseChoice(fields, change)),
    field(
      say(planWords.pace),
      input('perSecond', { ...number, min: 0.1, max: 100_000 }),
      say(planWords.paceHelp),
    ),
    field(say(planWords.notBefore), input('notBefore', { type: 'datetime-local' }), say(planWords.zoneHelp)),
    field(say(planWords.deadline), input('deadline', { type: 'datetime-local' }), say(planWords.zoneHelp)),
    h(
      'div',
      { class: 'field-pair' },
      field(say(planWords.from), input('from', { type: 'time', 'aria-describedby': 'window-help' })),
      field(say(planWords.to), input('to', { type: 'time', 'aria-describedby': 'window-help' })),
      h('small', { id: 'window-help' }, say(planWords.windowHelp)),
    ),
    choice('weekdaysOnly', say(planWords.weekdays)),
    choice('seeds', say(planWords.seeds)),
  );
}

type Choice = 'weekdaysOnly' | 'seeds';
type Text = Exclude<keyof PlanFields, 'release' | Choice>;

function field(name: string, control: ComponentChild, help?: string): JSX.Element {
  return h(
    'label',
    { class: 'field' },
    h('span', null, name),
    control,
    help !== undefined && h('small', null, help),
  );
}

function releaseChoice({ release }: PlanFields, change: Change): JSX.Element {
  return h(
    'select',
    {
      name: 'release',
      value: release,
      onChange: ({ currentTarget }: { currentTarget: HTMLSelectElement }) =>
        change({ release: currentTarget.value === 'auto' ? 'auto' : 'person' }),
    },
    (['person', 'auto'] as const).map((value) =>
      h('option', { key: value, value, selected: value === release }, say(runWords[value])),
    ),
  );
}
