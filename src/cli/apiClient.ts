import type { Config } from '../config/loadConfig.ts';
import { BillcastError } from '../errors.ts';
import { readSecret } from '../lib/readSecret.ts';

const limitMs = 60_000;

export type AskApi = (method: 'GET' | 'POST', path: string, body?: object) => Promise<object>;

/** Asks an api process, as whoever the token stands for. */
export function askApi(
  { api }: Pick<Config, 'api'>,
  { url, token }: { readonly url?: string | undefined; readonly token: string | undefined },
): AskApi {
  const base = url ?? `http://${hostOf(api.host)}:${api.port}`;
  return async (method, path, body) => {
    const response = await send(new URL(path, base), {
      method,
      signal: AbortSignal.timeout(limitMs),
      redirect: 'error',
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok && typeof answer === 'object' && answer !== null) return answer;
    throw new BillcastError('API_FAILED', complaintOf(response.status, answer));
  };
}

/**
 * The token of `--token-file`, or of BILLCAST_TOKEN.
 * @throws BillcastError USAGE if the file cannot be read
 */
export function readApiToken({ apiToken }: Pick<Config, 'apiToken'>, file?: string): string | undefined {
  if (file === undefined) return apiToken;
  const read = readSecret(file);
  if (read.kind === 'read') return read.secret;
  throw new BillcastError('USAGE', `--token-file ${file} ${read.why}`);
}

async function send(url: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(url, request);
  } catch (cause) {
    throw new BillcastError(
      'API_FAILED',
      `the api at ${url.origin} does not answer: start it, or give --api`,
      { cause },
    );
  }
}

function complaintOf(status: number, answer: unknown): string {
  const { title, detail, code } = Object(answer);
  if (typeof title !== 'string') {
    return `the api answered ${status}, and not as billcast's api does: check --api`;
  }
  return [title, ...(typeof detail === 'string' ? [detail] : [])].join(': ') + ` (${status} ${String(code)})`;
}

/** An address that listens on all is reached here. */
function hostOf(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}
