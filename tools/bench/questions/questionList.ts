import { searchStates } from '../../../src/operations/searchStates.ts';

/** What a question is asked of. */
export interface QuestionScope {
  /** `YYYY-MM` */
  readonly months: readonly string[];
  readonly firstId: number;
  readonly lastId: number;
  readonly reasons: readonly string[];
}

/** A request to the api. Requests with an id, a member or a month differ from one to the next. */
export interface Question {
  readonly label: string;
  readonly path: string;
  readonly body?: object;
}

/** What people ask all day, by label. Each maker gives one request after the other. */
export function questionList(
  { months, firstId, lastId, reasons }: QuestionScope,
  memberOf: (turn: number) => string,
): ReadonlyMap<string, (turn: number) => Question> {
  const questions = new Map<string, (turn: number) => Question>();
  const monthAt = (turn: number) => months[turn % months.length] ?? '';
  /** Numbers all over the range of ids, the same ones each time. */
  const idAt = (turn: number) => String(firstId + ((turn * 7_919_993) % (lastId - firstId)));
  const get = (label: string, pathOf: (turn: number) => string) =>
    questions.set(label, (turn) => ({ label, path: pathOf(turn) }));
  const search = (label: string, bodyOf: (turn: number) => object) =>
    questions.set(label, (turn) => ({ label, path: '/api/v1/bills/search', body: bodyOf(turn) }));

  get('status', () => '/api/v1/status');
  get('status of a month', (turn) => `/api/v1/months/${monthAt(turn)}/status`);
  get('failures by reason', () => '/api/v1/failures');
  get('failures of a month', (turn) => `/api/v1/failures?month=${monthAt(turn)}`);
  get('doubts', () => '/api/v1/doubts');
  get('doubts of a month', (turn) => `/api/v1/doubts?month=${monthAt(turn)}`);
  get('runs', () => '/api/v1/runs');
  get('dead letters', () => '/api/v1/dead-letters');
  get('a bill with its history', (turn) => `/api/v1/bills/${idAt(turn)}`);
  search('search: anything', () => ({}));
  search('search: a bill', (turn) => ({ billId: idAt(turn) }));
  search('search: a member', (turn) => ({ memberId: memberOf(turn) }));
  search('search: a member in a month', (turn) => ({ memberId: memberOf(turn), month: monthAt(turn) }));
  search('search: a month', (turn) => ({
    month: monthAt(turn),
    after: turn % 2 === 0 ? undefined : idAt(turn),
  }));
  for (const state of searchStates) {
    search(`search: ${state}`, (turn) => ({ state, after: turn % 2 === 0 ? undefined : idAt(turn) }));
    search(`search: ${state} of a month`, (turn) => ({ state, month: monthAt(turn) }));
  }
  for (const reason of reasons) {
    search(`search: ${reason}`, () => ({ reason }));
    search(`search: FAILED by ${reason}`, () => ({ state: 'FAILED', reason }));
    search(`search: FAILED by ${reason} of a month`, (turn) => ({
      state: 'FAILED',
      reason,
      month: monthAt(turn),
    }));
  }
  search('search: an hour', (turn) => ({
    changedFrom: `${monthAt(turn)}-25T12:00:00Z`,
    changedBefore: `${monthAt(turn)}-25T13:00:00Z`,
  }));
  search('search: turned to SMS', () => ({ channel: 'SMS' }));
  return questions;
}
