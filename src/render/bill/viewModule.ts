import { importModule } from '../../lib/importModule.ts';
import type { Scope } from '../template/printer.ts';
import type { Values, ValueTools } from './typedValue.ts';

/** What a view is made of. */
export interface BillDetails {
  /** The member's id as the billing system writes it. */
  readonly memberId: string;
  /** A BCP 47 tag; null: `TEMPLATE_LANGUAGE`. */
  readonly language: string | null;
  /** Of ISO 4217; null: `CURRENCY`. */
  readonly currency: string | null;
  /** As `load.sql` gives them. */
  readonly fields: Values;
}

export interface ViewTools extends ValueTools {
  /** Prints one value of `fields` as it says itself. */
  show(value: unknown): unknown;
  /** Prints all of them. */
  showAll(values: Values): Record<string, unknown>;
}

/**
 * What `VIEW_MODULE` exports as its default. It runs in the render threads, once per message, so it does no
 * I/O and keeps nothing.
 */
export interface ViewModule {
  /** What the templates print: texts, booleans for #if, lists for #each. */
  view(bill: BillDetails, tools: ViewTools): Scope;
  /**
   * What is wrong with a bill, in words without any of its values; undefined if nothing is. Such a bill is
   * FAILED with BILL_INCOMPLETE.
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
