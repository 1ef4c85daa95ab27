import { describeReceiptOrders } from '../support/receiptOrders.ts';

describeReceiptOrders({ firstSeed: 1, count: 40 });
