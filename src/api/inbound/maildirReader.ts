import { mkdir, readdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { sleep } from '../../lib/sleep.ts';
import type { Logger } from '../../log/log.ts';
import { createOutage } from '../../log/outage.ts';
import { type BounceMailDeps, receiveBounceMail } from '../../operations/receiveBounceMail.ts';

const everyMs = 5_000;

/** Reads bounces that a mail server delivers into a Maildir. */
export interface MaildirReader {
  start(): void;
  /** Finishes the current mail. May be called twice. */
  stop(): Promise<void>;
}

export function createMaildirReader(
  deps: BounceMailDeps & { readonly log: Logger },
  { folder }: { readonly folder: string },
): MaildirReader {
  const stopping = new AbortController();
  const { signal } = stopping;
  const outage = createOutage(deps.log, 'maildir');
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await readNewMails(deps, folder, signal);
        outage.succeeded();
      } catch (error) {
        outage.failed(error);
      }
      await sleep(everyMs, signal);
    }
  };
  return {
    start() {
      running ??= run();
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

/**
 * Stores the content of each new mail, then moves the mail to `cur` as seen. If it cannot be stored, it stays
 * where it is.
 * @returns how many mails were moved
 */
export async function readNewMails(
  deps: BounceMailDeps,
  folder: string,
  signal?: AbortSignal,
): Promise<number> {
  await mkdir(join(folder, 'cur'), { recursive: true });
  const names = (await readdir(join(folder, 'new'))).sort();
  let moved = 0;
  for (const name of names) {
    if (signal?.aborted === true) break;
    const path = join(folder, 'new', name);
    await receiveBounceMail(deps, { raw: await readFile(path), recipients: [] });
    await rename(path, join(folder, 'cur', `${name}:2,S`));
    moved++;
  }
  return moved;
}
