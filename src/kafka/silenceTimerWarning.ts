/**
 * Silences one of Node's warnings: kafkajs 2.2.4 sets timers to times just past, which Node rounds up to 1 ms
 * and, since version 22, warns about. All other warnings pass. May be called again.
 */
export function silenceNegativeTimeouts(): void {
  if (isSilenced) return;
  isSilenced = true;
  const emitWarning = process.emitWarning;
  process.emitWarning = (...warning: unknown[]): void => {
    if (warning[1] !== 'TimeoutNegativeWarning') Reflect.apply(emitWarning, process, warning);
  };
}

let isSilenced = false;
