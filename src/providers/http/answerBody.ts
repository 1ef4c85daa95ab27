/** The fields that the protocol reads in the JSON body of an answer. */
export interface AnswerBody {
  /** The idempotency key that the answer is about. */
  readonly key: string | undefined;
  /** The provider's own id, as text. */
  readonly id: string | undefined;
  readonly status: string | undefined;
}

/** @returns undefined if the body is not a JSON object or list: then a proxy answered, not the gateway */
export function readAnswerBody(body: string): AnswerBody | undefined {
  let value: unknown;
  try {
    value = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { key, id, status }: { key?: unknown; id?: unknown; status?: unknown } = value;
  return { key: textOf(key), id: textOf(id), status: textOf(status) };
}

/** An answer about another message than ours: a mix-up, which proves nothing. */
export function isAboutAnother({ key }: AnswerBody, asked: string): boolean {
  return key !== undefined && key !== asked && keyShape.test(key);
}

/** The form of an idempotency key: `<billId>:<channel>:<cycle>`. Gateways have keys of other kinds too. */
const keyShape = /^\d{1,19}:\w{1,40}:\d{1,10}$/;

function textOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  return typeof value === 'number' ? String(value) : undefined;
}
