import { importModule } from '../../lib/importModule.ts';

/** A bill to load, by the billing system's ids. */
export interface WantedBill {
  readonly billId: string;
  readonly memberId: string;
  /** From 1; a higher one is a later attempt to send the same bill. */
  readonly cycle: number;
}

export interface SourcedBill {
  readonly billId: string;
  /** The `data` of `load.sql`: an object, or its JSON. Sealed values stay sealed. */
  readonly data: object | string;
  /** The member's quiet hours, for messages to the phone: `HH:MM` or `HH:MM:SS`. */
  readonly quietHours?: { readonly start: string; readonly end: string } | undefined;
}

/**
 * The default export of `SOURCE_MODULE`, which replaces `load.sql`. It runs in the main loop, once per batch
 * on the path of every bill, so it must only wait for others and compute little.
 */
export interface SourceModule {
  /**
   * Loads up to `BATCH_SIZE` bills at once, in any order. It must give the same answer whenever it is asked
   * again. It leaves out a bill that does not exist, belongs to another member or cannot be shown: such a
   * bill is FAILED with BILL_INCOMPLETE. If it throws, nothing is sent, and it is asked again later.
   */
  load(bills: readonly WantedBill[]): Promise<readonly SourcedBill[]>;
}

/** @throws BillcastError MODULE_INVALID */
export function loadSourceModule(url: string): Promise<SourceModule> {
  return importModule('SOURCE_MODULE', url, isSourceModule);
}

function isSourceModule(value: object): value is SourceModule {
  return 'load' in value && typeof value.load === 'function';
}

/** Lets the editor check a source module. */
export function defineSource(module: SourceModule): SourceModule {
  return module;
}
