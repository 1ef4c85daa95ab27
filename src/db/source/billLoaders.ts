import type { BillLoader } from './billLoader.ts';
import { loadBills } from './loadBills.ts';

/**
 * How bills are loaded, by the name in `BILL_LOADER`. A query of your own is a file beside this one, and a
 * line here.
 */
export const billLoaders = {
  tables: loadBills,
} as const satisfies Readonly<Record<string, BillLoader>>;

export type BillLoaderName = keyof typeof billLoaders;

export const billLoaderNames = Object.keys(billLoaders) as readonly BillLoaderName[];
