import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { readCpuUs } from '../measure/proc.ts';
import { freePort } from '../system/freePort.ts';
import { startMeasuredProcess } from '../system/measuredProcess.ts';

/** What was seen while bills were sent: 0 of either means that nothing was measured. */
export interface Watched {
  /** Events of the stream. */
  readonly events: number;
  /** Answers with metrics, of the api and of each dispatcher. */
  readonly scrapes: number;
  /** CPU of the api process per second, in microseconds, from its start to the end of the run. */
  readonly apiUsPerSecond: number;
  /** The same of the page and of Prometheus, which this process plays. Its samples of usage are in it. */
  readonly readersUsPerSecond: number;
}

export interface Watch {
  /** Ends the page and the api process. To be called once. */
  stop(): Promise<Watched>;
}

/** The usual interval of Prometheus. */
const scrapeEveryMs = 15_000;

/** Starts an api process beside a run, a page that watches the month live, and a Prometheus that reads. */
export async function watchRun({ name, env }: { name: string; env: NodeJS.ProcessEnv }): Promise<Watch> {
  const port = await freePort();
  const api = await startMeasuredProcess('src/main.ts', {
    name: `${name}-api`,
    env: { ...env, API_HOST: '127.0.0.1', API_PORT: String(port) },
    args: ['api'],
  });
  const url = `http://127.0.0.1:${port}`;
  const [apiUs, readers, beganMs] = [readCpuUs(api.pid), process.cpuUsage(), performance.now()];
  const ending = new AbortController();
  const reading = untilAborted(countEvents(url, ending.signal), ending.signal);
  const scraping = untilAborted(countScrapes(url, ending.signal), ending.signal);
  return {
    async stop() {
      const seconds = (performance.now() - beganMs) / 1_000;
      const apiUsPerSecond = (readCpuUs(api.pid) - apiUs) / seconds;
      const { user, system } = process.cpuUsage(readers);
      ending.abort();
      const [events, scrapes] = [await reading, await scraping];
      await api.stop();
      return { events, scrapes, apiUsPerSecond, readersUsPerSecond: (user + system) / seconds };
    },
  };
}

/** Reads counts until it is told to end. @returns the last one */
async function untilAborted(counts: AsyncGenerator<number>, signal: AbortSignal): Promise<number> {
  let last = 0;
  try {
    for await (const count of counts) last = count;
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return last;
}

async function* countEvents(url: string, signal: AbortSignal): AsyncGenerator<number> {
  const { body, status } = await fetch(`${url}/api/v1/stream`, { signal });
  if (body === null || status !== 200) throw new Error(`the stream of the api answers ${status}`);
  let events = 0;
  for await (const text of body.pipeThrough(new TextDecoderStream())) {
    events += text.split('\nevent: ').length - 1;
    yield events;
  }
}

const targetList = z.array(z.object({ targets: z.array(z.string()) }));

async function* countScrapes(url: string, signal: AbortSignal): AsyncGenerator<number> {
  let scrapes = 0;
  for (;;) {
    const listed = await fetch(`${url}/metrics/targets`, { signal });
    const targets = targetList.parse(await listed.json()).flatMap((entry) => entry.targets);
    for (const target of targets) {
      const { ok } = await fetch(`http://${target}/metrics`, { signal });
      if (ok) scrapes += 1;
    }
    yield scrapes;
    await sleep(scrapeEveryMs, undefined, { signal });
  }
}
