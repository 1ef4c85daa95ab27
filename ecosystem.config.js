/**
 * `npx pm2 start ecosystem.config.js --env production`: a dispatcher a core. Cluster mode is what `pm2 reload` needs to replace
 * them one after the other; they share no port.
 */
export const apps = [
  {
    name: 'billcast',
    script: 'src/main.ts',
    exec_mode: 'cluster',
    instances: 'max',
    wait_ready: true,
    listen_timeout: 60_000,
    // Above STOP_TIMEOUT_MS, which is above SEND_TIMEOUT_MS: a dispatcher ends by itself before pm2 ends it.
    kill_timeout: 30_000,
    env_production: { NODE_ENV: 'production' },
  },
];
