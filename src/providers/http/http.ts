import { channels } from '../../channels.ts';
import { defineProvider } from '../providerKind.ts';
import { httpProblems, httpSettingsOf, httpShape, secretHttpSettings } from './httpSettings.ts';
import { withinOpenFiles } from './openFiles.ts';

/** A gateway that speaks the JSON protocol of docs/GATEWAY.md. */
export const http = defineProvider({
  shape: httpShape,
  secrets: secretHttpSettings,
  read: httpSettingsOf,
  problems: httpProblems,
  provesNever: (env, channel) => env[`HTTP_${channel}_LOOKUP`] === 'authoritative',
  hasLookup: ({ gateways }, channel) => gateways[channel].lookup !== 'none',
  connects: true,
  sendsFiles: true,
  questions: (channel) => [
    {
      name: `HTTP_${channel}_URL`,
      question: `URL of the gateway for ${channels[channel].label}`,
      isNeeded: true,
    },
    {
      name: `HTTP_${channel}_TOKEN`,
      question: `Token of the gateway for ${channels[channel].label}; empty for none`,
      isSecret: true,
    },
  ],
  receipts: () => ({ kind: 'api', webhook: 'http', polls: [] }),
  encoder: () => ({ module: new URL('./encodeMessage.ts', import.meta.url).href }),
  async create({ gateways, connections: files, ...limits }, options) {
    const [{ createHttpProvider }, { readConnectionSettings }] = await Promise.all([
      import('./httpProvider.ts'),
      import('./connectionFiles.ts'),
    ]);
    const connections = readConnectionSettings(files);
    const concurrency = withinOpenFiles(limits.concurrency, options);
    return (channel) =>
      createHttpProvider({ channel, ...gateways[channel], ...limits, ...options, connections, concurrency });
  },
});
