/**
 * Keeps one of Node's warnings quiet: kafkajs 2.2.4 sets timers to moments that are just past, which Node rounds
 * up to 1 ms and, since version 22, comments on. All other warnings pass. May be called again.
 */
export function silenceNegativeTimeouts(): void {
  if (silenced) return;
  silenced = true;
  const emitWarning = process.emitWarning;
  process.emitWarning = (...warning: unknown[]): void => {
    if (warning[1] !== 'TimeoutNegativeWarning') Reflect.apply(emitWarning, process, warning);
  };
}

let silenced = false;
