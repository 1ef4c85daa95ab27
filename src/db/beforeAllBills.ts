/** Where a walk over bills begins. Ids below 1 are a mistake of the batch, but no walk passes over their rows. */
export const beforeAllBills = '-9223372036854775808';
