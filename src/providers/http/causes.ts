import { errorWordsOf } from './errorWords.ts';

/**
 * The cause of a failed connection in a few words: `ECONNREFUSED 10.0.0.7:443`, `ENOTFOUND typo.invalid`,
 * `CERT_HAS_EXPIRED gw.example.com`.
 * @param origin the gateway's, for errors that name no host
 */
export function connectionCause(error: Error | undefined, origin: string): string {
  const fault = deepest(error);
  if (fault === undefined) return `no connection to ${hostOf(origin)}`;
  const code = codeOf(fault);
  return code === undefined
    ? `${fault.message.slice(0, longest)} (${hostOf(origin)})`
    : `${plainCodes.get(code) ?? code} ${placeOf(fault) ?? hostOf(origin)}`;
}

/**
 * A status and the first words of its body. Anything that may be a person's address or number is removed, and
 * so is all that follows a quote or a bracket: it may be our request, sent back.
 */
export function statusCause(status: number, body: string): string {
  const words = firstWords(plainText(body).replace(new RegExp(`^\\s*${status}\\b`), ''));
  return words === '' ? `HTTP ${status}` : `HTTP ${status}: ${words}`;
}

/** The same for an answer about a member's message: the member's name is removed too. */
export function sentCause(status: number, body: string): string {
  return errorWordsOf(statusCause(status, body));
}

const longest = 100;

/** undici's own codes, in words. */
const plainCodes = new Map([
  ['UND_ERR_CONNECT_TIMEOUT', 'no connection in time to'],
  ['UND_ERR_SOCKET', 'the other side closed the connection:'],
  ['UND_ERR_DESTROYED', 'stopped, no more sends to'],
  ['UND_ERR_CLOSED', 'stopped, no more sends to'],
]);

/** The deepest cause. If a host was tried by IPv6 and IPv4, that of the last try. */
function deepest(error: unknown): Error | undefined {
  if (error instanceof AggregateError) return deepest(error.errors.at(-1)) ?? error;
  if (!(error instanceof Error)) return undefined;
  return codeOf(error) === undefined ? (deepest(error.cause) ?? error) : error;
}

function codeOf(error: Error): string | undefined {
  const code = (error as NodeJS.ErrnoException).code;
  return typeof code === 'string' ? code : undefined;
}

function placeOf(error: Error): string | undefined {
  const { hostname, address, port } = error as { hostname?: string; address?: string; port?: number };
  if (typeof hostname === 'string') return hostname;
  return typeof address === 'string' && typeof port === 'number' ? `${address}:${port}` : undefined;
}

export function hostOf(origin: string): string {
  return origin.replace(/^https?:\/\//, '');
}

/**
 * The first words of a text, without what may be an address or a number. An address is looked for at the
 * start of each word only: a search from every letter of a long word would take seconds.
 */
export function firstWords(text: string): string {
  return text
    .replaceAll(/(?<!\S)\S*@\S*/g, '')
    .replaceAll(/\p{Nd}[\p{Nd}\s().-]*/gu, '# ')
    .replaceAll(/(?<![+(])[+(]+#/g, '#')
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longest);
}

/** The error text of JSON, the title of HTML, else the text itself. */
function plainText(body: string): string {
  const text = errorText(body) ?? /<title>([^<]*)/i.exec(body)?.[1] ?? body.replaceAll(/<[^<>]*>/g, ' ');
  return text.split(/["`{[<]|(?<!\p{L})'/u, 1)[0] ?? '';
}

const errorFields = ['error', 'message', 'detail', 'title', 'code', 'status', 'reason'] as const;

function errorText(body: string): string | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' ? textIn(value) : undefined;
  } catch {
    return undefined;
  }
}

function textIn(value: object | null): string {
  const fields: Record<string, unknown> = { ...value };
  for (const name of errorFields) {
    const found = fields[name];
    if (typeof found === 'string' && found !== '') return found;
    if (typeof found === 'object' && found !== null) return textIn(found);
  }
  return '';
}
