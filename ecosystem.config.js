import { availableParallelism } from 'node:os';
import { join } from 'node:path';

/**
 * `npx pm2 start ecosystem.config.js --env production`: the api, and one dispatcher per core that this container or
 * machine may use. `pm2 reload` replaces dispatchers one after the other, which needs cluster mode. They share no port.
 */
const common = {
  script: 'src/main.ts',
  wait_ready: true,
  listen_timeout: 60_000,
  // Longer than STOP_TIMEOUT_MS, which is longer than SEND_TIMEOUT_MS: a process stops before pm2 kills it.
  kill_timeout: 30_000,
  // All instances in one file, with what Node itself reports at a crash.
  merge_logs: true,
  env_production: { NODE_ENV: 'production' },
};

export const apps = [
  {
    ...common,
    name: 'billcast',
    exec_mode: 'cluster',
    // Or pm2 would take bun, if it is installed. In this mode it is the Node that runs pm2 itself.
    interpreter: 'node',
    instances: availableParallelism(),
    out_file: 'logs/dispatcher.log',
    error_file: 'logs/dispatcher.log',
    env: { READY_WHILE_WAITING: 'true' },
    env_production: { ...common.env_production, READY_WHILE_WAITING: 'true' },
  },
  {
    ...common,
    name: 'billcast-api',
    args: 'api',
    exec_mode: 'fork',
    interpreter: join(import.meta.dirname, 'node_modules', '.bin', 'node'),
    instances: 1,
    out_file: 'logs/api.log',
    error_file: 'logs/api.log',
  },
];
