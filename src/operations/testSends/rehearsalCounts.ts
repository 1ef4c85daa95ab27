/** The results of a rehearsal, in bills. */
export interface RehearsalCounts {
  /** Bills that were read and rendered. */
  readonly bills: number;
  readonly sent: number;
  /** Sent by an earlier part of this rehearsal. */
  readonly sentBefore: number;
  /** Their contact is not in DELIVER_ONLY_TO, or REDIRECT_ALL_TO has none of its kind. */
  readonly notListed: number;
  /** Bills that would be sent if the limit were higher. */
  readonly beyondLimit: number;
  /** Bills that would fail. Their reasons are in `reasons`. */
  readonly unpreparable: number;
  readonly refused: number;
  /** Certainly not sent. The next part of the rehearsal sends them. */
  readonly notSent: number;
  /** Perhaps sent, possibly by an earlier part that crashed. They are not sent again. */
  readonly unknown: number;
  /** All bills that were not sent, by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

export const rehearsalEnds = ['all', 'limit', 'stopped'] as const;
/**
 * `limit`: more bills could have been sent. `stopped`: a person stopped it, or the provider takes nothing.
 */
export type RehearsalEnd = (typeof rehearsalEnds)[number];
