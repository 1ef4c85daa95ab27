import { describeReceiptOrders } from '../support/receiptOrders.ts';

/** `RECEIPT_SEED=17 RECEIPT_ORDERS=1` tells one of them alone. */
describeReceiptOrders({
  firstSeed: Number(process.env.RECEIPT_SEED ?? 41),
  count: Number(process.env.RECEIPT_ORDERS ?? 400),
});
