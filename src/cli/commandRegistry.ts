import type { CommandEntry } from './commandEntry.ts';

/** All commands, in the order of `billcast --help`. Only the file of the command that runs is loaded. */
export const commandRegistry: readonly CommandEntry[] = [
  {
    name: 'start',
    summary: 'run the whole job: send what is released and account for it; sample bills on a first run',
    load: async () => (await import('./commands/startCommand.ts')).defineStart,
  },
  {
    name: 'init',
    summary: 'ask for the settings, check each server, and write .env',
    load: async () => (await import('./commands/initCommand.ts')).defineInit,
  },
  {
    name: 'seed',
    summary: 'add sample members and their bills, which are held',
    load: async () => (await import('./commands/seedCommand.ts')).defineSeed,
  },
  {
    name: 'register',
    summary: 'take in the bills of a month from your own tables; they are held',
    load: async () => (await import('./commands/registerCommand.ts')).defineRegister,
  },
  {
    name: 'forecast',
    summary: 'say what the held bills will become: channels, failures, duration, cost, outliers',
    load: async () => (await import('./commands/forecastCommand.ts')).defineForecast,
  },
  {
    name: 'publish',
    summary: 'release held bills, so that they are sent',
    load: async () => (await import('./commands/publishCommand.ts')).definePublish,
  },
  {
    name: 'run',
    summary: 'send a month as a run: planned, approved, started small, finished',
    load: async () => (await import('./commands/run/runVerbs.ts')).defineRun,
  },
  {
    name: 'status',
    summary: 'count the bills by state; show dead letters, lag and brakes',
    load: async () => (await import('./commands/statusCommand.ts')).defineStatus,
  },
  {
    name: 'watch',
    summary: 'show the month live: states, rate, time left, brakes, and what needs a person',
    load: async () => (await import('./commands/watchCommand.ts')).defineWatch,
  },
  {
    name: 'failures',
    summary: 'group the failed bills by reason',
    load: async () => (await import('./commands/failuresCommand.ts')).defineFailures,
  },
  {
    name: 'search',
    summary: 'find bills by state, month, channel, reason, time, member or contact',
    load: async () => (await import('./commands/searchCommand.ts')).defineSearch,
  },
  {
    name: 'export',
    summary: 'write who got a bill, who did not, and why, as CSV',
    load: async () => (await import('./commands/exportCommand.ts')).defineExport,
  },
  {
    name: 'outcomes',
    summary: 'print what became of bills, by number; turn this on or off',
    load: async () => (await import('./commands/outcomesCommand.ts')).defineOutcomes,
  },
  {
    name: 'webhook',
    summary: 'keep the webhooks that outcomes are posted to',
    load: async () => (await import('./commands/webhookCommand.ts')).defineWebhook,
  },
  {
    name: 'verify',
    summary: "account for every bill and compare with the providers' ledgers",
    load: async () => (await import('./commands/verifyCommand.ts')).defineVerify,
  },
  {
    name: 'explain',
    summary: 'show the history of one bill and what happens next',
    load: async () => (await import('./commands/explainCommand.ts')).defineExplain,
  },
  {
    name: 'preview',
    summary: 'write the messages of one bill into files, without sending them',
    load: async () => (await import('./commands/previewCommand.ts')).definePreview,
  },
  {
    name: 'prove',
    summary: 'show that a message said what its bill says now; check a file that shows it',
    load: async () => (await import('./commands/proveCommand.ts')).defineProve,
  },
  {
    name: 'template',
    summary: 'check the messages of bills for what is hard to read, cut off, or taken for spam',
    load: async () => (await import('./commands/templateCommand.ts')).defineTemplate,
  },
  {
    name: 'retry',
    summary: 'start the next cycle of failed bills, or turn pending SMS back to e-mail',
    load: async () => (await import('./commands/retryCommand.ts')).defineRetry,
  },
  {
    name: 'resend',
    summary: 'send delivered bills again',
    load: async () => (await import('./commands/resendCommand.ts')).defineResend,
  },
  {
    name: 'bounce',
    summary: 'record accepted e-mails that came back: their bills go by SMS',
    load: async () => (await import('./commands/bounceCommand.ts')).defineBounce,
  },
  {
    name: 'suppress',
    summary: 'keep the list of addresses that nothing is sent to',
    load: async () => (await import('./commands/suppressCommand.ts')).defineSuppress,
  },
  {
    name: 'resolve',
    summary: 'list bills in doubt, or settle them',
    load: async () => (await import('./commands/resolveCommand.ts')).defineResolve,
  },
  {
    name: 'cancel',
    summary: 'cancel bills that are not handed to a provider yet, for good',
    load: async () => (await import('./commands/cancelCommand.ts')).defineCancel,
  },
  {
    name: 'action',
    summary: 'list what people do to many bills by page or API, show one, or stop it',
    load: async () => (await import('./commands/actionCommand.ts')).defineAction,
  },
  {
    name: 'pause',
    summary: 'stop starting sends in the whole cluster',
    load: async () => (await import('./commands/pauseCommand.ts')).definePause,
  },
  {
    name: 'resume',
    summary: 'end the pause, or release a brake',
    load: async () => (await import('./commands/resumeCommand.ts')).defineResume,
  },
  {
    name: 'sweep',
    summary: 'recover what dead dispatchers held, and look up bills in doubt, now',
    load: async () => (await import('./commands/sweepCommand.ts')).defineSweep,
  },
  {
    name: 'doctor',
    summary: 'check settings, servers, topics, templates and ciphers; changes nothing',
    load: async () => (await import('./commands/doctorCommand.ts')).defineDoctor,
  },
  {
    name: 'notify',
    summary: 'list what people were told by e-mail and chat, or send them a test',
    load: async () => (await import('./commands/notifyCommand.ts')).defineNotify,
  },
  {
    name: 'migrate',
    summary: 'bring the tables up to date, and grant rights on them',
    load: async () => (await import('./commands/migrateCommand.ts')).defineMigrate,
  },
  {
    name: 'token',
    summary: 'make, list and revoke tokens of the API',
    load: async () => (await import('./commands/tokenCommand.ts')).defineToken,
  },
  {
    name: 'audit',
    summary: 'report who changed or opened what in a month, the unusual first',
    load: async () => (await import('./commands/auditCommand.ts')).defineAudit,
  },
  {
    name: 'close',
    summary: 'close a month whose bills are all final',
    load: async () => (await import('./commands/closeCommand.ts')).defineClose,
  },
  {
    name: 'purge',
    summary: 'delete rows whose retention time is over',
    load: async () => (await import('./commands/purgeCommand.ts')).definePurge,
  },
  {
    name: 'forget',
    summary: 'delete what billcast keeps of a member',
    load: async () => (await import('./commands/forgetCommand.ts')).defineForget,
  },
  {
    name: 'embedded',
    summary: 'start, stop or show the Kafka and PostgreSQL that come with billcast',
    load: async () => (await import('./commands/embeddedCommand.ts')).defineEmbedded,
  },
  {
    name: 'gateway',
    summary: 'run a test provider that speaks the HTTP protocol and injects faults',
    load: async () => (await import('./commands/gatewayCommand.ts')).defineGateway,
  },
  {
    name: 'chaos',
    summary: 'inject faults while bills are sent, and account for every bill',
    load: async () => (await import('./commands/chaosCommand.ts')).defineChaos,
  },
  {
    name: 'bench',
    summary: 'run the load test: bills per second from end to end, against the floor',
    load: async () => (await import('./commands/benchCommand.ts')).defineBench,
  },
  {
    name: 'completion',
    summary: 'print a script that completes commands and options in bash, zsh or fish',
    load: async () => (await import('./commands/completionCommand.ts')).defineCompletion,
  },
];
