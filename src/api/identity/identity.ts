import type { Permission, Role } from '../../policy/roles.ts';

/** Who makes a request, and what they may do. */
export interface Identity {
  /** The name of the token or the user; `loopback` if no tokens are set. */
  readonly name: string;
  readonly roles: readonly Role[];
  readonly permissions: readonly Permission[];
  readonly source: 'token' | 'session' | 'proxy' | 'loopback';
  /** From this time on the identity is no longer valid; null if it does not expire. */
  readonly expiresAt: Date | null;
}
