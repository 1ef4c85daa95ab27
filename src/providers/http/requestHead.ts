import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { HttpRequest } from './exchange.ts';

/**
 * The first line and the headers of a request, up to the empty line, with one character per byte.
 * @param options.host for a request without a header `host`
 * @throws TypeError for characters that could add a line to the head
 */
export function requestHead(
  { method, path, headers, body }: HttpRequest,
  { host, keepsAlive }: { readonly host: string; readonly keepsAlive: boolean },
): string {
  if (notInPath.test(path)) throw new TypeError('the path has characters that no request may have');
  let head =
    `${method} ${path} HTTP/1.1\r\nhost: ${headers.host ?? host}\r\n` +
    `connection: ${keepsAlive ? 'keep-alive' : 'close'}\r\n`;
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
    if (ourHeaders.has(name.toLowerCase())) {
      throw new TypeError(`header ${name} is not for the caller to set`);
    }
    if (name !== 'host') head += `${name}: ${value}\r\n`;
  }
  const length = body?.length ?? (method === 'POST' ? 0 : undefined);
  return length === undefined ? `${head}\r\n` : `${head}content-length: ${length}\r\n\r\n`;
}

const notInPath = /[^\u0021-\u00ff]/;
/** Headers that only we set: they say where a message ends, and what happens to its connection. */
export const ourHeaders: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'expect',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
]);
