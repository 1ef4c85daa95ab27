import { userInfo } from 'node:os';

/** The person who runs the command, in the form for the journal and for pause and brakes. */
export function personAtTerminal(): string {
  try {
    return `person ${userInfo().username}`;
  } catch {
    return `person ${process.getuid?.() ?? 'unknown'}`;
  }
}
