/** What a rehearsal has come to, in bills. */
export interface RehearsalCounts {
  /** Looked at, and rendered. */
  readonly bills: number;
  readonly sent: number;
  /** By an earlier part of this rehearsal. */
  readonly sentBefore: number;
  /** Their contact is not in DELIVER_ONLY_TO, or REDIRECT_ALL_TO has none of its kind. */
  readonly notListed: number;
  /** They would be sent, if the limit were higher. */
  readonly beyondLimit: number;
  /** They would fail: by reason in `reasons`. */
  readonly unpreparable: number;
  readonly refused: number;
  /** Certainly not; the next part of the rehearsal sends them. */
  readonly notSent: number;
  /** Perhaps sent, also by an earlier part that crashed. They are not sent again. */
  readonly unknown: number;
  /** Bills by reason: of all that were not sent. */
  readonly reasons: Readonly<Record<string, number>>;
}

export const rehearsalEnds = ['all', 'limit', 'stopped'] as const;
/** `limit`: more bills could have been sent. `stopped`: somebody did, or the provider takes nothing. */
export type RehearsalEnd = (typeof rehearsalEnds)[number];
