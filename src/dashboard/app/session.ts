import { signal } from '@preact/signals';
import type { SessionFacts } from '../../api/contract/sessionContract.ts';
import { ask, type Trouble } from './askApi.ts';

type Permission = SessionFacts['permissions'][number];

export type Session =
  | { readonly kind: 'asking' }
  | { readonly kind: 'out'; readonly trouble: Trouble | null }
  | { readonly kind: 'in'; readonly facts: SessionFacts };

export const session = signal<Session>({ kind: 'asking' });

/** Whether the reader has a permission. The server decides; the page only leaves out what it would refuse. */
export function may(permission: Permission): boolean {
  return session.value.kind === 'in' && session.value.facts.permissions.includes(permission);
}

/** The kind of the ids of bills and members. */
export function billIdKind(): SessionFacts['billIdKind'] {
  return session.value.kind === 'in' ? session.value.facts.billIdKind : 'bigint';
}

export async function readSession(): Promise<void> {
  take(await ask<SessionFacts>('/session'), false);
}

export async function signIn(token: string): Promise<void> {
  take(await ask<SessionFacts>('/session', { method: 'POST', body: { token } }), true);
}

export async function signOut(): Promise<void> {
  await ask('/session', { method: 'DELETE' });
  // Loaded again, so that nothing that was shown stays in the page, and its stream is closed.
  location.reload();
}

function take(answer: Awaited<ReturnType<typeof ask<SessionFacts>>>, tells: boolean): void {
  session.value =
    answer.kind === 'ok'
      ? { kind: 'in', facts: answer.value }
      : { kind: 'out', trouble: tells || answer.trouble.code !== 'NOT_SIGNED_IN' ? answer.trouble : null };
}
