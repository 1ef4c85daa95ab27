import { h, type JSX } from 'preact';
import type { RunWithEvents } from '../../api/contract/runsContract.ts';
import { toldNote } from '../parts/toldNote.ts';
import { holdWord } from '../words/bannerWords.ts';
import { phrases } from '../words/commonWords.ts';
import { moment, personName } from '../words/format.ts';
import { say } from '../words/language.ts';
import { runEventWords } from './runWords.ts';

/** The events of a run and who caused them, newest first. */
export function runEvents(events: RunWithEvents['events']): JSX.Element {
  return h(
    'ol',
    { class: 'timeline' },
    events.toReversed().map(({ at, what, actor, facts, told }) =>
      h(
        'li',
        { key: `${at} ${what}` },
        h('strong', null, say(runEventWords[what] ?? [what, what])),
        typeof facts.code === 'string' && `: ${say(holdWord(facts.code))}`,
        h(
          'div',
          null,
          h('time', { dateTime: at }, moment(at)),
          h('small', null, ` ${say(phrases.by)(personName(actor))}`),
        ),
        told.length > 0 && h('p', { class: 'quiet' }, toldNote(told)),
        reasonsOf(facts).map((text) => h('p', { key: text, class: 'quiet' }, text)),
      ),
    ),
  );
}

/** The reason that the person gave. */
function reasonsOf({ code, detail, reason }: RunWithEvents['events'][number]['facts']): string[] {
  return [reason, code === 'PERSON' ? detail : null].filter(
    (text): text is string => typeof text === 'string' && text !== '',
  );
}
