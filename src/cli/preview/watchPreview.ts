import { watch } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { channels } from '../../channels.ts';
import type { Config } from '../../config/loadConfig.ts';
import { BillcastError } from '../../errors.ts';
import { openRenderDeps, renderIn } from '../../operations/preview.ts';
import { openProjectTemplates } from '../../operations/projectTemplates.ts';
import { messageSizes } from '../../operations/templates/messageSizes.ts';
import { reviewTemplate } from '../../operations/templates/reviewTemplate.ts';
import { startPreviewServer } from './previewServer.ts';
import type { PreviewView } from './previewView.ts';

export interface WatchedPreview {
  readonly url: string;
  stop(): Promise<void>;
}

/** Shows a bill in the browser, and again whenever a file of the template changes. */
export async function watchPreview(options: {
  readonly config: Config;
  /** The bill in the form in which the database gives it. */
  readonly text: string;
  readonly title: string;
  /** 0 takes any that is free. */
  readonly port: number;
  /** Called with what the browser shows now. */
  readonly onView?: (view: PreviewView) => void;
}): Promise<WatchedPreview> {
  const { config, onView = () => undefined } = options;
  let view = await makeView(options);
  onView(view);
  const server = await startPreviewServer({ port: options.port, view: () => view });
  const { dir, name } = config.templates;
  let isStale = false;
  let working: Promise<void> | undefined;
  const refresh = async (): Promise<void> => {
    while (isStale) {
      // Waits a moment, because editors write a file in several steps.
      await sleep(settleMs);
      isStale = false;
      view = await makeView(options);
      onView(view);
      server.reload();
    }
    working = undefined;
  };
  const watcher = watch(join(dir, name), { recursive: true }, () => {
    isStale = true;
    working ??= refresh();
  });
  return {
    url: server.url,
    stop: async () => {
      watcher.close();
      await working;
      await server.stop();
    },
  };
}

const settleMs = 100;

async function makeView({
  config,
  text,
  title,
}: {
  readonly config: Config;
  readonly text: string;
  readonly title: string;
}): Promise<PreviewView> {
  try {
    const { set, templates } = await openProjectTemplates(config);
    const deps = await openRenderDeps({ config, templates });
    const languages = Object.keys(templates.languages).map((language) => {
      const { messages } = renderIn(language, text, deps);
      return {
        language,
        messages: config.ladder.order.map((channel) => ({
          channel,
          label: channels[channel].label,
          rendered: messages[channel],
          sizes: messageSizes(channel, messages[channel]),
        })),
      };
    });
    return { kind: 'rendered', title, languages, remarks: reviewTemplate({ ...deps, set }) };
  } catch (error) {
    if (!(error instanceof BillcastError)) throw error;
    return { kind: 'refused', message: error.message };
  }
}
