import type { Told } from '../../api/contract/toldContract.ts';

/** A problem document (RFC 9457), or what the page says if there is none. */
export interface Trouble {
  readonly code: string;
  readonly title: string;
  readonly detail?: string;
  readonly detailTold?: Told;
  /** Values of the request that are wrong. */
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
  readonly type?: string;
  readonly status: number;
}

export type Answer<Value> =
  | { readonly kind: 'ok'; readonly value: Value }
  | { readonly kind: 'trouble'; readonly trouble: Trouble };

/** Asks the API of this host. The route's contract gives the type of the answer. */
export async function ask<Value>(
  path: string,
  options: {
    readonly method?: 'GET' | 'POST' | 'DELETE';
    readonly body?: unknown;
    /** A CSV file, sent instead of a body. */
    readonly file?: File;
  } = {},
): Promise<Answer<Value>> {
  const { method = 'GET', body, file } = options;
  try {
    const response = await fetch(`/api/v1${path}`, {
      method,
      credentials: 'same-origin',
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
      ...(file !== undefined && { headers: { 'content-type': 'text/csv' }, body: file }),
    });
    const value = await response.json();
    return response.ok ? { kind: 'ok', value } : { kind: 'trouble', trouble: value };
  } catch (error) {
    return { kind: 'trouble', trouble: unreachable(error) };
  }
}

/** The browser's own words for it are English. */
export function unreachable(error: unknown): Trouble {
  return { code: 'UNREACHABLE', title: 'The server cannot be reached', detail: String(error), status: 0 };
}
