/**
 * `npx pm2 start ecosystem.config.js --env production`: one dispatcher per core. `pm2 reload` replaces them one after the
 * other, which needs cluster mode. They share no port.
 */
export const apps = [
  {
    name: 'billcast',
    script: 'src/main.ts',
    exec_mode: 'cluster',
    instances: 'max',
    wait_ready: true,
    listen_timeout: 60_000,
    // Longer than STOP_TIMEOUT_MS, which is longer than SEND_TIMEOUT_MS: a dispatcher stops before pm2 kills it.
    kill_timeout: 30_000,
    env_production: { NODE_ENV: 'production' },
  },
];
