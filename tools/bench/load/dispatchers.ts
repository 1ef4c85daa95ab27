import { type MeasuredProcess, startMeasuredProcess } from '../system/measuredProcess.ts';

/** Starts dispatchers, the processes of the product, all at once. */
export function startDispatchers(
  count: number,
  { name, env }: { name: string; env: NodeJS.ProcessEnv },
): Promise<MeasuredProcess[]> {
  return Promise.all(
    Array.from({ length: count }, (_, index) =>
      startMeasuredProcess('src/main.ts', { name: `${name}-${index + 1}`, env }),
    ),
  );
}
