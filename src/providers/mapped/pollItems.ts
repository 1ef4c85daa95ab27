import { parseAttemptName } from '../inbound/attemptName.ts';
import type { Receipt } from '../inbound/receipt.ts';
import { codeIn } from '../inbound/receiptCode.ts';
import { type AnswerParts, compileRule, type FieldOf } from './answerRules.ts';
import { textAt, valuesAt } from './jsonPointer.ts';
import type { PollMapping } from './pollSchema.ts';
import { readTime } from './providerTime.ts';

/** What a page of a list contains. */
export interface PageReading {
  readonly receipts: readonly Receipt[];
  readonly ignored: number;
  /** The number of items on it. */
  readonly length: number;
}

/** The ids under which the journal may know a message that has this id in the provider's list. */
export type IdsOf = (id: string, to: string | undefined) => readonly string[];

/** Makes the function that reads a page; undefined: the answer is not what the provider sends. */
export function compilePage(
  poll: PollMapping,
  idsOf: IdsOf,
): (parts: AnswerParts) => PageReading | undefined {
  const isAnswer = compileRule(poll.answer);
  const saidIn = compileSaid(poll);

  const receiptsOf = (parts: AnswerParts, item: unknown): readonly Receipt[] => {
    const said = saidIn(parts, item);
    if (said === undefined) return [];
    const { attempt, providerIds } = namesIn(poll, item, idsOf);
    if (attempt !== undefined) return [{ ...said, attempt, providerId: providerIds[0] }];
    return poll.key === undefined ? providerIds.map((providerId) => ({ ...said, providerId })) : [];
  };

  return (parts) => {
    if (!isAnswer(parts, noField)) return undefined;
    const found = itemsIn(parts, poll.items);
    const receipts = found.map((item) => receiptsOf(parts, item));
    return {
      receipts: receipts.flat(),
      ignored: receipts.filter(({ length }) => length === 0).length,
      length: found.length,
    };
  };
}

/** What an item says of its message, whichever that is. */
export type Said = Omit<Receipt, 'attempt' | 'providerId'>;

/** Makes the function that reads an item; undefined: nothing is decided yet. */
export function compileSaid(
  poll: Pick<PollMapping, 'rules' | 'times' | 'at' | 'to' | 'code'>,
): (parts: AnswerParts, item: unknown) => Said | undefined {
  const rules = poll.rules.map(({ body, means }) => ({ means, fits: compileRule({ body }) }));
  return (parts, item) => {
    const kind = rules.find(({ fits }) => fits({ ...parts, json: item }, noField))?.means ?? 'open';
    if (kind === 'open') return undefined;
    return {
      kind,
      at: readTime(textIf(item, poll.at), poll.times),
      code: kind === 'delivered' ? undefined : codeIn(...poll.code.map((place) => textAt(item, place))),
      recipient: textIf(item, poll.to),
    };
  };
}

export function itemsIn({ json }: AnswerParts, place: string): unknown[] {
  return valuesAt(json, place).filter((item) => typeof item === 'object' && item !== null);
}

/** Of an answer that is about no message of ours. */
export const noField: FieldOf = () => '';

/** Names the message that an item is about. */
function namesIn(poll: PollMapping, item: unknown, idsOf: IdsOf) {
  const id = idOf(item, poll.id);
  return {
    attempt: parseAttemptName(textIf(item, poll.key)),
    providerIds: id === undefined ? [] : idsOf(id, textIf(item, poll.to)),
  };
}

function textIf(item: unknown, place: string | undefined): string | undefined {
  return place === undefined ? undefined : textAt(item, place);
}

function idOf(item: unknown, places: readonly string[] = []): string | undefined {
  const parts = places.map((place) => textAt(item, place));
  return parts.length === 0 || parts.includes(undefined) ? undefined : parts.join('.');
}
