import { type System, withSystem } from './openSystem.ts';
import { printFacts } from './output.ts';
import { recordAccess } from './recordAccess.ts';

export interface RecordedChange {
  readonly what: string;
  /** What is changed; it stands before the reason. */
  readonly about: string;
  readonly reason: string;
  readonly json?: boolean | undefined;
}

/** Makes a change that is no bill's, with its access record, and prints its facts. */
export function makeRecorded(
  { what, about, reason, json }: RecordedChange,
  make: (system: System) => Promise<object>,
): Promise<void> {
  return withSystem(async (system) => {
    const facts = await recordAccess(system.database, { what, reason: `${about}: ${reason}` }, () =>
      make(system),
    );
    printFacts(facts, { json });
  });
}
