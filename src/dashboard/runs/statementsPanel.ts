import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { StatementListAnswer } from '../../api/contract/statementsContract.ts';
import { ask, type Trouble } from '../app/askApi.ts';
import { announce } from '../app/dialogs.ts';
import { may } from '../app/session.ts';
import { useAnswer } from '../app/useAnswer.ts';
import { fact } from '../parts/actionFacts.ts';
import { loadState, troubleNote, When } from '../parts/notes.ts';
import { count } from '../words/format.ts';
import { say } from '../words/language.ts';
import { statementWords } from './evidenceWords.ts';

/** Providers' own statements, compared with ours. It is shown only to those who may read histories. */
export function StatementsPanel({ runId }: { readonly runId: string }): JSX.Element | null {
  return may('readHistory') ? h(Statements, { runId }) : null;
}

function Statements({ runId }: { readonly runId: string }): JSX.Element {
  const path = `/runs/${encodeURIComponent(runId)}/statements`;
  const loaded = useAnswer<StatementListAnswer>(path);
  const { value, reload } = loaded;
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': 'statements-title' },
    h('h2', { id: 'statements-title' }, say(statementWords.title)),
    h('p', { class: 'quiet' }, say(statementWords.note)),
    loadState(loaded),
    value?.items.length === 0 && h('p', { class: 'empty' }, say(statementWords.none)),
    value?.items.map(statementFacts),
    may('control') && h(UploadForm, { path, reload }),
  );
}

const counted = ['theirs', 'ours', 'matched', 'onlyTheirs', 'inDoubt', 'onlyOurs'] as const;

function statementFacts(row: StatementListAnswer['items'][number]): JSX.Element {
  const { provider, theirCost, ourCost, addedAt } = row;
  return h(
    'dl',
    { key: provider, class: 'facts' },
    fact(say(statementWords.provider), [h('strong', null, provider), ' ', h(When, { at: addedAt })]),
    counted.map((name) => fact(say(statementWords[name]), count(row[name]))),
    fact(say(statementWords.costs), `${theirCost ?? '–'} / ${ourCost ?? '–'}`),
  );
}

interface Upload {
  readonly path: string;
  reload(): void;
}

function UploadForm({ path, reload }: Upload): JSX.Element {
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy || !(event.currentTarget instanceof HTMLFormElement)) return;
    const given = new FormData(event.currentTarget);
    const file = given.get('file');
    if (!(file instanceof File)) return;
    const query = new URLSearchParams({
      provider: String(given.get('provider') ?? '').trim(),
      encoding: String(given.get('encoding') ?? 'utf-8'),
      fileName: file.name,
    });
    setBusy(true);
    const answer = await ask(`${path}?${query}`, { method: 'POST', file });
    setBusy(false);
    if (answer.kind === 'trouble') return setTrouble(answer.trouble);
    setTrouble(null);
    announce(say(statementWords.done));
    reload();
  };
  return h(
    'form',
    { class: 'filters', onSubmit: (event: SubmitEvent) => void submit(event) },
    field(
      say(statementWords.provider),
      h('input', { name: 'provider', required: true, maxLength: 100, size: 12 }),
    ),
    field(
      say(statementWords.file),
      h('input', { name: 'file', type: 'file', required: true, accept: '.csv,text/csv' }),
    ),
    field(
      say(statementWords.encoding),
      h(
        'select',
        { name: 'encoding' },
        ['utf-8', 'euc-kr'].map((name) => h('option', { key: name, value: name }, name)),
      ),
    ),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary', 'aria-disabled': isBusy }, say(statementWords.compare)),
    ),
    trouble !== null && troubleNote(trouble),
  );
}

function field(name: string, input: JSX.Element): JSX.Element {
  return h('label', null, h('span', null, name), input);
}
