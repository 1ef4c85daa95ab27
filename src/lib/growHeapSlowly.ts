import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 look for garbage once the heap has grown by 40 % since it last did. By itself it lets a heap of
 * 45 MB grow to 300, if the machine has the memory. For a process that mostly waits for the database: call it
 * before its modules are loaded, while the young generation is small.
 */
export function growHeapSlowly(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--heap-growing-percent=40');
}
