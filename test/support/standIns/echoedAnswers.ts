import type { AnswerRule, Answers } from '../../../src/providers/mapped/answerSchema.ts';
import { valuesAt } from '../../../src/providers/mapped/jsonPointer.ts';
import type { Mapping, SendMapping } from '../../../src/providers/mapped/mappingSchema.ts';
import { namedAnswers } from '../../../src/providers/mapped/resolveMapping.ts';
import type { Reply } from './standIn.ts';

/** What an answer repeats. */
export interface Echo {
  readonly key: string;
  readonly words: string;
  readonly id: string;
}

/** An answer that fits a rule of a provider's file, and repeats what was sent wherever the rule has room. */
export interface EchoedAnswer {
  readonly means: AnswerRule['means'];
  reply(echo: Echo): Reply;
}

/** One per rule, of a request and of the items of a batch. */
export function echoedAnswers(mapping: Mapping, send: SendMapping): EchoedAnswer[] {
  const list = namedAnswers(mapping, send.answers);
  return list.rules.flatMap((rule) =>
    rule.means === 'perItem'
      ? itemAnswers(mapping, send, rule)
      : [{ means: rule.means, reply: (echo: Echo) => replyOf(rule, bodyOf(rule, list, echo), echo) }],
  );
}

/** One per rule of the request that uploads a file. */
export function echoedUploads({ upload }: SendMapping): EchoedAnswer[] {
  if (upload === undefined) return [];
  const { answers } = upload;
  return answers.rules.map((rule) => ({
    means: rule.means,
    reply: (echo) => replyOf(rule, bodyOf(rule, answers, echo), echo),
  }));
}

function itemAnswers(mapping: Mapping, { batch }: SendMapping, rule: AnswerRule): EchoedAnswer[] {
  const items = batch?.items;
  if (items === undefined || items.by === 'whole') return [];
  const list = namedAnswers(mapping, items.answers);
  return list.rules.map((itemRule) => ({
    means: itemRule.means,
    reply(echo: Echo) {
      const item = bodyOf(itemRule, list, echo);
      const whole = bodyOf(rule, {}, echo);
      const body =
        items.by === 'position'
          ? put(whole, segmentsOf(items.at), [item])
          : put(whole, segmentsOf(items.at[0] ?? ''), [put(item, segmentsOf(items.key), echo.key)]);
      return replyOf(rule, body, echo);
    },
  }));
}

function replyOf(rule: AnswerRule, body: unknown, { id, words }: Echo): Reply {
  const fitting = Object.entries(rule.header ?? {}).map(([name, pattern]) => [name, sampleOf(pattern)]);
  const own = rule.idHeader === undefined ? {} : { [rule.idHeader]: encodeURI(id) };
  const headers = { 'x-sent': encodeURIComponent(words), ...Object.fromEntries(fitting), ...own };
  return { status: statusOf(rule.status), body, headers };
}

function bodyOf({ body = {}, id }: AnswerRule, { code, cause }: Partial<Answers>, echo: Echo): unknown {
  let whole: unknown;
  for (const [pointer, test] of Object.entries(body)) {
    const value = valueFor(test, pointer === id ? echo.id : echo.words, echo.key);
    if (value !== undefined) whole = put(whole, segmentsOf(pointer), value);
  }
  const places = [
    [cause ?? '/message', echo.words],
    [code, echo.words],
    [id, echo.id],
  ] as const;
  for (const [pointer, value] of places) {
    if (pointer !== undefined && !Array.isArray(whole) && valuesAt(whole, pointer).length === 0) {
      whole = put(whole, segmentsOf(pointer), value);
    }
  }
  return whole;
}

type Condition = NonNullable<AnswerRule['body']>[string];

function valueFor(test: Condition, words: string, key: string): unknown {
  if (typeof test === 'string') return test.replaceAll('{{key}}', key);
  if (typeof test !== 'object' || test === null) return test;
  if ('in' in test) return test.in[0];
  if ('present' in test) return test.present ? words : undefined;
  const sample = sampleOf(test.matches);
  const longer = `${sample} ${words}`;
  return new RegExp(test.matches, 'iu').test(longer) ? longer : sample;
}

/** A text that fits a pattern of the shipped files. */
function sampleOf(pattern: string): string {
  const plain = pattern.replaceAll(/\(([^|)]*)[^)]*\)/g, '$1').split('|')[0] ?? '';
  const text = plain
    .replace('[13]\\d{3}', '1000')
    .replace('1\\d{3}', '1000')
    .replaceAll(/\\b|[\^$?]|\.\*/g, '')
    .replaceAll('\\.', '.');
  if (!new RegExp(pattern, 'iu').test(text)) throw new RangeError(`${text} does not fit ${pattern}`);
  return text;
}

function statusOf(status: AnswerRule['status']): number {
  const [first] = [status ?? 200].flat();
  if (typeof first === 'number') return first;
  return { '2xx': 200, '3xx': 302, '4xx': 409, '5xx': 503 }[first ?? '2xx'];
}

function segmentsOf(pointer: string): string[] {
  return pointer.split('/').slice(1);
}

/** The value with another one at a place. */
function put(into: unknown, [segment, ...rest]: readonly string[], value: unknown): unknown {
  if (segment === undefined) return value;
  if (segment === '*' || /^\d+$/.test(segment)) {
    const list: unknown[] = Array.isArray(into) ? [...into] : [];
    const index = segment === '*' ? 0 : Number(segment);
    list[index] = put(list[index], rest, value);
    return list;
  }
  const object: Readonly<Record<string, unknown>> =
    typeof into === 'object' && into !== null ? { ...into } : {};
  return { ...object, [segment]: put(object[segment], rest, value) };
}
