import { createLogger } from '../../../src/log/log.ts';
import { type Latency, latencyOf } from '../measure/latency.ts';
import { describeMachine, type Machine, measureBusyShare } from '../report/machine.ts';
import { connect, say } from '../system/benchServers.ts';
import { throwIfInterrupted } from '../system/interruption.ts';
import { type Question, type QuestionScope, questionList } from './questionList.ts';

export interface QuestionOptions extends QuestionScope {
  /** Where a billcast api listens. */
  readonly api: string;
  /** Its database. */
  readonly databaseUrl: string;
  /** How often each question is asked. */
  readonly times: number;
  /** Only questions whose labels match. */
  readonly only?: string | undefined;
  /** What else the machine did meanwhile, for the report. */
  readonly beside?: string | undefined;
}

export interface QuestionsResult {
  readonly machine: Machine;
  readonly options: Omit<QuestionOptions, 'databaseUrl'>;
  readonly bills: number;
  readonly answers: readonly { readonly label: string; readonly latency: Latency }[];
}

/** Asks a running api what people ask all day, one question at a time. */
export async function measureQuestions({
  databaseUrl,
  ...options
}: QuestionOptions): Promise<QuestionsResult> {
  const busyBefore = await measureBusyShare();
  const database = connect({ log: createLogger({ level: 'warn', pretty: true }) }, databaseUrl);
  try {
    const machine = await describeMachine(database, { embeddedKafka: true, busyBefore });
    const bills = Number((await ask(options, { label: '', path: '/api/v1/status' })).body.total);
    const answers = await askAll(options);
    return { machine, options, bills, answers };
  } finally {
    await database.close();
  }
}

async function askAll(options: Omit<QuestionOptions, 'databaseUrl'>): Promise<QuestionsResult['answers']> {
  const members = await someMembers(options);
  const answers: { label: string; latency: Latency }[] = [];
  const pattern = new RegExp(options.only ?? '');
  for (const [label, questionAt] of questionList(options, (turn) => members[turn % members.length] ?? '1')) {
    if (!pattern.test(label)) continue;
    throwIfInterrupted();
    const took: number[] = [];
    for (let turn = 0; turn < options.times; turn += 1) took.push((await ask(options, questionAt(turn))).ms);
    const latency = latencyOf(took);
    say(`${label}: p50 ${latency.p50.toFixed(1)} ms, p99 ${latency.p99.toFixed(1)} ms`);
    answers.push({ label, latency });
  }
  return answers;
}

/** Members of bills all over the ids. */
async function someMembers({
  firstId,
  lastId,
  ...options
}: Pick<QuestionOptions, 'api' | 'firstId' | 'lastId'>) {
  const members: string[] = [];
  for (let part = 0; part < 20; part += 1) {
    const after = String(firstId + Math.floor(((lastId - firstId) * part) / 20));
    const { body } = await ask(options, {
      label: '',
      path: '/api/v1/bills/search',
      body: { after, limit: 5 },
    });
    for (const { memberId } of body.items as { memberId: string }[]) members.push(memberId);
  }
  return members;
}

async function ask({ api }: Pick<QuestionOptions, 'api'>, { path, body }: Question) {
  const began = performance.now();
  const response = await fetch(`${api}${path}`, {
    ...(body !== undefined && {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { 'content-type': 'application/json' },
    }),
  });
  const text = await response.text();
  const ms = performance.now() - began;
  if (!response.ok) throw new Error(`${path} answers ${response.status}: ${text.slice(0, 200)}`);
  return { ms, body: JSON.parse(text) as Record<string, unknown> };
}
