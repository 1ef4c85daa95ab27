import { defineProvider } from '../providerKind.ts';
import type { ComposeOptions } from './composeMessage.ts';
import { secretSmtpSettings, smtpProblems, smtpSettingsOf, smtpShape } from './smtpSettings.ts';

/** One or several mail servers: docs/smtp.md. */
export const smtp = defineProvider({
  shape: smtpShape,
  secrets: secretSmtpSettings,
  read: smtpSettingsOf,
  problems: smtpProblems,
  provesNever: () => false,
  hasLookup: () => false,
  connects: true,
  sendsFiles: true,
  questions: () => [
    {
      name: 'SMTP_URL',
      question: 'Mail server, smtp://user:password@mail.example.com:587',
      isSecret: true,
      isNeeded: true,
    },
    { name: 'SMTP_FROM', question: 'Sender, Billing <bill@example.com>', isNeeded: true },
  ],
  receipts: ({ envelope }) => ({ kind: 'mail', hasAddress: envelope.bounce !== undefined }),
  warmup: ({ compose, warmup: plan }) =>
    plan.all === undefined && plan.byReceiver.size === 0
      ? undefined
      : { sender: compose.from.domain.toLowerCase(), plan },
  encoder: ({ compose }) => ({
    module: new URL('./composeMessage.ts', import.meta.url).href,
    options: compose satisfies ComposeOptions,
  }),
  async create(settings, options) {
    const [{ createSmtpProvider }, { readSessionSettings }] = await Promise.all([
      import('./smtpProvider.ts'),
      import('./sessionSettings.ts'),
    ]);
    const provider = createSmtpProvider({ ...settings, ...options, session: readSessionSettings(settings) });
    return () => provider;
  },
});
