import { type AnswerParts, compileAnswers, type FieldOf, type Judgement } from './answerRules.ts';
import type { Answers } from './answerSchema.ts';
import { valuesAt } from './jsonPointer.ts';
import type { BatchMapping } from './mappingSchema.ts';
import { compileText } from './placeholders.ts';
import { type Outgoing, type SenderDeps, valuesOfAttempt } from './sender.ts';

/**
 * What an answer means for each message, in their order; `divide`: one of them is at fault, and nobody knows
 * which.
 */
export type JudgeBatch = (
  parts: AnswerParts,
  messages: readonly Outgoing[],
) => readonly Judgement[] | 'divide';

type Items = BatchMapping['items'];
type ListedItems = Exclude<Items, { by: 'whole' }>;

export function compileBatchJudge(
  { send, answersOf }: Pick<SenderDeps, 'send' | 'answersOf'>,
  items: Items,
): JudgeBatch {
  const judgeWhole = compileAnswers(answersOf(send.answers));
  const judgeItems = items.by === 'whole' ? undefined : compileItems(items, answersOf(items.answers));
  return (parts, messages) => {
    const whole = judgeWhole(parts, noField);
    if (whole.kind === 'perItem') {
      const values = messages.map(({ attempt, to }) => valuesOfAttempt(attempt, to));
      return judgeItems?.(parts, values) ?? [];
    }
    return messages.length > 1 && mayBeOneOfThem(whole) ? 'divide' : messages.map(() => whole);
  };
}

/** A condition on a whole batch cannot name one message. */
function noField(): string {
  return '';
}

/** Whether nothing of the batch was taken, perhaps because of one message. */
function mayBeOneOfThem(judgement: Judgement): boolean {
  return (
    judgement.kind === 'refused' ||
    (judgement.kind === 'misconfigured' && judgement.scope === 'settingsOrBill')
  );
}

type JudgeItems = (parts: AnswerParts, messages: readonly FieldOf[]) => Judgement[];

/** If the answer does not name a message, that message is unknown. */
function compileItems(items: ListedItems, answers: Answers): JudgeItems {
  const judge = compileAnswers(answers);
  const find = items.by === 'position' ? byPosition(items) : byKey(items);
  return (parts, messages) => {
    const found = find(parts.json, messages);
    return messages.map((fieldOf, index) => {
      const item = found[index];
      if (item === undefined) return notNamed;
      return judge({ ...parts, json: item, whole: parts.json, text: JSON.stringify(item) }, fieldOf);
    });
  };
}

const notNamed: Judgement = {
  kind: 'unknown',
  reason: 'NOT_IN_ANSWER',
  cause: 'the answer to the batch does not name this message',
};

type FindItems = (json: unknown, messages: readonly FieldOf[]) => readonly unknown[];

/** Matches items by position. If the list has another length, nothing of it is believed. */
function byPosition({ at }: Extract<ListedItems, { by: 'position' }>): FindItems {
  return (json, messages) => {
    const [list] = valuesAt(json, at);
    return Array.isArray(list) && list.length === messages.length ? list : [];
  };
}

/** Matches items by key. If a key occurs twice, the list contradicts itself about that message. */
function byKey({ at, key, equals }: Extract<ListedItems, { by: 'key' }>): FindItems {
  const expected = compileText(equals);
  return (json, messages) => {
    const items = at.flatMap((pointer) => valuesAt(json, pointer)).flat();
    const byName = Map.groupBy(items, (item) => String(valuesAt(item, key)[0]));
    return messages.map((fieldOf) => {
      const named = byName.get(expected(fieldOf)) ?? [];
      return named.length === 1 ? named[0] : undefined;
    });
  };
}
