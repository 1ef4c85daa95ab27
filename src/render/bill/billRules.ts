/** A company's own rules for its bills; see docs/data.md. */
export interface BillRules {
  /** `BILL_TOLERANCE_WON`: by how much a sum may differ from its parts. */
  readonly toleranceWon: number;
  /** `SMS_WHEN_NOTHING_DUE`: whether a bill of 0 or less goes out by SMS. */
  readonly smsWhenNothingDue: boolean;
}

export const defaultBillRules: BillRules = { toleranceWon: 0, smsWhenNothingDue: true };
