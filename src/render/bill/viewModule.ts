import { importModule } from '../../lib/importModule.ts';
import type { Scope } from '../template/printer.ts';
import type { Values, ValueTools } from './typedValue.ts';

/** The data from which a view is made. */
export interface BillDetails {
  /** The member's id as the billing system writes it. */
  readonly memberId: string;
  /** A BCP 47 tag; null: `TEMPLATE_LANGUAGE`. */
  readonly language: string | null;
  /** A code of ISO 4217; null: that of `CURRENCY`. */
  readonly currency: string | null;
  /** The fields that `load.sql` gives. */
  readonly fields: Values;
}

export interface ViewTools extends ValueTools {
  /** Prints one value of `fields` as its type says. */
  show(value: unknown): unknown;
  /** Prints all values. */
  showAll(values: Values): Record<string, unknown>;
}

/**
 * The default export of `VIEW_MODULE`. It runs in the render threads, once per message, so it must do no I/O
 * and keep nothing.
 */
export interface ViewModule {
  /** The values for the templates: texts, booleans for #if, lists for #each. */
  view(bill: BillDetails, tools: ViewTools): Scope;
  /**
   * What is wrong with a bill, in words without any of its values; undefined if nothing is. Otherwise the
   * bill is FAILED with BILL_INCOMPLETE.
   */
  check?(bill: BillDetails): string | undefined;
}

/** @throws BillcastError MODULE_INVALID */
export function loadViewModule(url: string): Promise<ViewModule> {
  return importModule('VIEW_MODULE', url, isViewModule);
}

function isViewModule(value: object): value is ViewModule {
  return (
    'view' in value &&
    typeof value.view === 'function' &&
    (!('check' in value) || typeof value.check === 'function')
  );
}

/** Lets the editor check a view module. */
export function defineView(module: ViewModule): ViewModule {
  return module;
}
