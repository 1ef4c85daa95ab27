import { setFlagsFromString } from 'node:v8';

/**
 * Collects the main loop's garbage when the heap has grown by this much since the last time. Left to itself V8
 * lets the heap of a machine with much memory grow to several times of what is in use (336 MB for 75 MB of bills
 * in flight); this costs some 3 us a bill and keeps a dispatcher's memory to what `MAX_IN_FLIGHT` implies.
 */
export function boundHeapGrowth(): void {
  setFlagsFromString('--heap-growing-percent=120');
}
