import { userInfo } from 'node:os';

/** Who runs the command, as the journal and the switches name them. */
export function personAtTerminal(): string {
  try {
    return `person ${userInfo().username}`;
  } catch {
    return `person ${process.getuid?.() ?? 'unknown'}`;
  }
}
