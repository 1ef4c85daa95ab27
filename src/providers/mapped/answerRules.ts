import { sentCause } from '../http/causes.ts';
import { isPlainCode } from '../plainCode.ts';
import type { SendAnswer } from '../provider.ts';
import type { AnswerRule, Answers } from './answerSchema.ts';
import { textAt, valuesAt } from './jsonPointer.ts';
import { compileText } from './placeholders.ts';

/** An answer, or an item of one. */
export interface AnswerParts {
  readonly status: number;
  readonly header: (name: string) => string | undefined;
  /** The parsed body; undefined if it is not JSON. */
  readonly json: unknown;
  /** If this is an item of a batch: the whole answer. */
  readonly whole?: unknown;
  /** The text as it came, for the cause. */
  readonly text: string;
  readonly retryAfterMs: number | undefined;
}

/** The values of places in conditions, taken from the message that the answer is about. */
export type FieldOf = (field: string) => string;

/** What an answer means; `perItem`: each item of the batch has its own meaning. */
export type Judgement = SendAnswer | { readonly kind: 'perItem' };

/** Says what an answer means by the first rule that fits. */
export type JudgeAnswer = (parts: AnswerParts, fieldOf: FieldOf) => Judgement;

type Fits = (parts: AnswerParts, fieldOf: FieldOf) => boolean;

export function compileAnswers(answers: Answers): JudgeAnswer {
  const rules = answers.rules.map((rule) => ({ rule, fits: compileRule(rule) }));
  return (parts, fieldOf) => {
    const rule = rules.find(({ fits }) => fits(parts, fieldOf))?.rule;
    const told = toldBy(answers, parts, rule);
    return rule === undefined ? { kind: 'unknown', ...told } : judgementOf(rule, parts, told);
  };
}

/** Makes the function that says whether status, body and headers meet a rule's conditions. */
export function compileRule({ status, body = {}, header = {} }: RuleConditions): Fits {
  const statuses = status === undefined ? undefined : [status].flat();
  const bodyTests = Object.entries(body).map(([pointer, test]) => compileTest(pointer, test));
  const headerTests = Object.entries(header).map(([name, pattern]) => [name, regExp(pattern)] as const);
  return (parts, fieldOf) =>
    (statuses === undefined || statuses.some((one) => isStatus(parts.status, one))) &&
    bodyTests.every((test) => test(parts.json, fieldOf)) &&
    headerTests.every(([name, expected]) => expected.test(parts.header(name) ?? ''));
}

type RuleConditions = Pick<AnswerRule, 'status' | 'body' | 'header'>;
type Condition = NonNullable<AnswerRule['body']>[string];

function isStatus(status: number, expected: number | string): boolean {
  return typeof expected === 'number' ? status === expected : String(status)[0] === expected[0];
}

function compileTest(pointer: string, test: Condition): (json: unknown, fieldOf: FieldOf) => boolean {
  if (typeof test !== 'object' || test === null) {
    const isIt = compileLiteral(test);
    return (json, fieldOf) => valuesAt(json, pointer).some((value) => isIt(value, fieldOf));
  }
  if ('present' in test) return (json) => valuesAt(json, pointer).length > 0 === test.present;
  if ('matches' in test) {
    const expected = regExp(test.matches);
    return (json) =>
      valuesAt(json, pointer).some(
        (value) => (typeof value === 'string' || typeof value === 'number') && expected.test(String(value)),
      );
  }
  const literals = test.in.map(compileLiteral);
  return (json, fieldOf) =>
    valuesAt(json, pointer).some((value) => literals.some((isIt) => isIt(value, fieldOf)));
}

function compileLiteral(
  expected: string | number | boolean | null,
): (value: unknown, fieldOf: FieldOf) => boolean {
  if (typeof expected !== 'string') return (value) => value === expected;
  const fill = compileText(expected);
  return (value, fieldOf) => value === fill(fieldOf);
}

function regExp(pattern: string): RegExp {
  return new RegExp(pattern, 'iu');
}

interface Told {
  readonly reason: string;
  readonly cause: string;
}

function toldBy({ code, cause }: Answers, parts: AnswerParts, rule: AnswerRule | undefined): Told {
  const codeText = code === undefined ? undefined : textAt(parts.json, code);
  const words = cause === undefined ? undefined : textAt(parts.json, cause);
  return {
    reason: rule?.reason ?? codeReason(codeText) ?? `HTTP_${parts.status}`,
    cause: sentCause(parts.status, words ?? parts.text),
  };
}

/** `ANSWER_406`: the provider's code as a reason of ours; undefined if the text is not just a code. */
function codeReason(code: string | undefined): string | undefined {
  if (code === undefined || !isPlainCode(code)) return undefined;
  return `ANSWER_${code
    .toUpperCase()
    .replaceAll(/[^A-Z0-9]+/g, '_')
    .slice(0, 32)}`;
}

function judgementOf(rule: AnswerRule, parts: AnswerParts, told: Told): Judgement {
  switch (rule.means) {
    case 'accepted':
      return { kind: 'accepted', providerId: idOf(rule, parts) };
    case 'refused':
      return { kind: 'refused', ...told };
    case 'pace':
    case 'busy':
      return { kind: 'notSent', ...told, trouble: rule.means, retryAfterMs: parts.retryAfterMs };
    case 'settings':
    case 'settingsOrBill':
      return { kind: 'misconfigured', ...told, scope: rule.means };
    case 'unknown':
      return { kind: 'unknown', ...told };
    case 'perItem':
      return { kind: 'perItem' };
    default:
      return rule.means satisfies never;
  }
}

function idOf({ id, idHeader, idOfRequest }: AnswerRule, parts: AnswerParts): string | undefined {
  if (idHeader !== undefined) return parts.header(idHeader);
  const own = id === undefined ? undefined : textAt(parts.json, id);
  if (idOfRequest === undefined) return own;
  const shared = textAt(parts.whole, idOfRequest);
  return own === undefined || shared === undefined ? shared : `${shared}.${own}`;
}
