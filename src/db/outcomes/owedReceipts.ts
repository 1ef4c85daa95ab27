/** The beginning of a receipt's outcome; its kind follows in capitals: `RECEIPT_DELIVERED`. */
export const receiptOutcome = 'RECEIPT_';

/**
 * If outcomes are on, owes the new receipts in the statement that stores them. It reads the common table
 * expression `stored`.
 */
export const owedReceipts = `owed as (
      insert into owed_outcome (outcome, bill_ids, cycles, channels)
      select '${receiptOutcome}' || upper(kind), array_agg(bill_id), array_agg(cycle), array_agg(channel)
      from stored
      where is_fresh and exists (select from outcome_switch)
      group by kind
    )`;
