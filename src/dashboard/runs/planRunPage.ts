import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { RunAnswer } from '../../api/contract/runsContract.ts';
import { ask, type Trouble } from '../app/askApi.ts';
import { go } from '../app/router.ts';
import { troubleNote } from '../parts/notes.ts';
import { pageHead } from '../parts/pageHead.ts';
import { toldNote } from '../parts/toldNote.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { forecastView } from './forecastView.ts';
import { forecastPhrases, forecastWords } from './forecastWords.ts';
import { planFields } from './planFields.ts';
import { emptyPlan, type PlanFields, planOf } from './planForm.ts';
import { planWords } from './runWords.ts';
import { type ForecastAsked, type ForecastState, useForecast } from './useForecast.ts';

const sampleSize = 20_000;

/** Plans a month. The forecast comes first, so that nobody plans what they have not seen. */
export function planRunPage(): JSX.Element {
  return h('div', null, pageHead(say(planWords.title), say(planWords.intro)), h(PlanForm, null));
}

function PlanForm(): JSX.Element {
  const [fields, setFields] = useState<PlanFields>(emptyPlan);
  const [isSampled, setSampled] = useState(false);
  const [asked, setAsked] = useState<ForecastAsked | null>(null);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const found = useForecast(asked);
  // Whether the forecast is done, and for the month in the form.
  const isSeen = found.forecast?.state === 'DONE' && found.forecast.month === fields.month;
  const look = (event: SubmitEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    setTrouble(null);
    setAsked({
      selection: { month: fields.month },
      ...(fields.perSecond !== '' && { perSecond: Number(fields.perSecond) }),
      ...(isSampled && { sample: sampleSize }),
    });
  };
  const create = async (): Promise<void> => {
    const answer = await ask<RunAnswer>('/runs', { method: 'POST', body: { plan: planOf(fields) } });
    if (answer.kind === 'trouble') return setTrouble(answer.trouble);
    go(`/runs/${answer.value.runId}`);
  };
  const isBusy = asked !== null && (found.forecast?.state === 'RUNNING' || isUnanswered(found));
  return h(
    'div',
    null,
    h(
      'form',
      { class: 'panel plan-form', onSubmit: look },
      planFields(fields, (change) => setFields({ ...fields, ...change })),
      h(
        'label',
        { class: 'choice' },
        h('input', {
          type: 'checkbox',
          checked: isSampled,
          onChange: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
            setSampled(currentTarget.checked),
        }),
        say(planWords.sample),
      ),
      h(
        'div',
        { class: 'buttons' },
        h(
          'button',
          { type: 'submit', class: isSeen ? '' : 'primary', 'aria-disabled': isBusy },
          say(isSeen ? planWords.again : planWords.forecast),
        ),
        h(
          'button',
          { type: 'button', class: isSeen ? 'primary' : '', disabled: !isSeen, onClick: () => void create() },
          say(planWords.create),
        ),
        !isSeen && h('small', { class: 'quiet' }, say(planWords.afterForecast)),
      ),
      trouble !== null && troubleNote(trouble),
    ),
    asked !== null && forecastPanel(found, isBusy),
  );
}

function isUnanswered({ forecast, trouble }: ForecastState): boolean {
  return forecast === null && trouble === null;
}

function forecastPanel({ forecast, trouble }: ForecastState, isBusy: boolean): JSX.Element {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'forecast-title' },
    h('h2', { id: 'forecast-title' }, say(forecastWords.title)),
    trouble !== null && troubleNote(trouble),
    isBusy &&
      h(
        'p',
        { class: 'quiet', role: 'status' },
        say(forecastWords.making),
        ' ',
        say(forecastPhrases.progress)(count(forecast?.lookedAt ?? 0), count(forecast?.bills ?? null)),
      ),
    forecast !== null &&
      forecast.problem !== null &&
      h('p', { class: 'trouble' }, toldNote(forecast.problemTold)),
    forecast !== null && forecast.facts !== null && forecastView(forecast.facts),
  );
}
