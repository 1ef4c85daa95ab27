import { h, type JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { StatementListAnswer } from '../../api/contract/statementsContract.ts';
import type { ToldCode } from '../../api/contract/toldContract.ts';
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
  const [heads, setHeads] = useState<readonly string[] | null>(null);
  const [isBusy, setBusy] = useState(false);
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy || !(event.currentTarget instanceof HTMLFormElement)) return;
    const given = new FormData(event.currentTarget);
    const file = given.get('file');
    if (!(file instanceof File)) return;
    setBusy(true);
    const answer = await ask(`${path}?${queryOf(given, file)}`, { method: 'POST', file });
    setBusy(false);
    if (answer.kind === 'trouble') {
      setHeads(headsToChoose(answer.trouble) ?? heads);
      return setTrouble(answer.trouble);
    }
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
    heads !== null && columnsGroup(heads),
    h(
      'div',
      { class: 'buttons' },
      h('button', { type: 'submit', class: 'primary', 'aria-disabled': isBusy }, say(statementWords.compare)),
    ),
    trouble !== null && troubleNote(trouble),
  );
}

function queryOf(given: FormData, { name: fileName }: File): URLSearchParams {
  const textOf = (name: string): string => String(given.get(name) ?? '').trim();
  const named = columnFields.map(([name]) => [name, textOf(name)] as const).filter(([, head]) => head !== '');
  const provider = textOf('provider');
  return new URLSearchParams({
    provider,
    encoding: textOf('encoding'),
    fileName,
    ...Object.fromEntries(named),
  });
}

/** The columns by their names in the query. */
const columnFields = [
  ['id', statementWords.idColumn],
  ['key', statementWords.keyColumn],
  ['cost', statementWords.costColumn],
] as const;

const headsId = 'statement-heads';

/** Which column is which. Once a file needed it, the fields stay for the next one. */
function columnsGroup(heads: readonly string[]): JSX.Element {
  return h(
    'fieldset',
    { class: 'headings' },
    h('legend', null, say(statementWords.columns)),
    columnFields.map(([name, words]) =>
      field(say(words), h('input', { name, list: headsId, maxLength: 200, size: 16, autocomplete: 'off' })),
    ),
    h(
      'datalist',
      { id: headsId },
      heads.map((head) => h('option', { key: head, value: head })),
    ),
  );
}

/**
 * The headings to choose from, which may be unknown, if the refusal is about the columns of the file; else
 * undefined.
 */
export function headsToChoose({ detailTold = [] }: Trouble): readonly string[] | undefined {
  const refusal = detailTold.find(({ code }) => columnRefusals.has(code));
  const { columns } = refusal?.facts ?? {};
  if (refusal === undefined) return undefined;
  return columns === undefined ? [] : [...new Set(columns.split(', '))];
}

const columnRefusals: ReadonlySet<ToldCode> = new Set([
  'STATEMENT_COLUMNS',
  'STATEMENT_NO_COLUMN',
  'STATEMENT_COST',
]);

function field(name: string, input: JSX.Element): JSX.Element {
  return h('label', null, h('span', null, name), input);
}
