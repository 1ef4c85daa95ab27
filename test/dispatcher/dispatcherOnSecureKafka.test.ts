import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { migrate } from '../../src/db/migrate.ts';
import { projectDir } from '../../src/lib/projectDir.ts';
import { bareEnvironment } from '../support/bareEnvironment.ts';
import { certificatePath } from '../support/certificates.ts';
import { saslUser, useSecureBroker } from '../support/secureBroker.ts';
import { createTestSystem } from '../support/testSystem.ts';
import { useTestDatabase } from '../support/useTestDatabase.ts';

const db = useTestDatabase();
const broker = useSecureBroker();

/** Runs a command of billcast as a person does, to its end. */
async function run(args: readonly string[], environment: Record<string, string>) {
  const [program = '', ...rest] = args;
  const env = { ...bareEnvironment, DATABASE_URL: db.url, LOG_LEVEL: 'info', ...environment };
  const child = spawn(process.execPath, [join(projectDir, 'src', program), ...rest], { env });
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await closed, output: `${out}${err}` };
}

function secured() {
  return {
    KAFKA_BROKERS: broker.address('saslTls'),
    KAFKA_TLS: 'true',
    KAFKA_TLS_CA_FILE: certificatePath('ca.pem'),
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: saslUser.username,
    KAFKA_SASL_PASSWORD: saslUser.password,
  };
}

describe('a company that has its Kafka by TLS and a log-in', () => {
  it('learns from a dispatcher what is missing, at once and in one sentence', async () => {
    await migrate(db.database);
    const { code, output } = await run(['main.ts'], { KAFKA_BROKERS: broker.address('saslTls') });
    assert.equal(code, 1);
    assert.match(output, /use TLS on this port: set KAFKA_TLS=true/);
    assert.doesNotMatch(output, /server unreachable/);
  });

  it('learns of a wrong password, and does not wait for the dispatcher', async () => {
    const { code, output } = await run(['main.ts'], { ...secured(), KAFKA_SASL_PASSWORD: 'no' });
    assert.equal(code, 1);
    assert.match(output, /refused the login: check KAFKA_SASL_USERNAME, KAFKA_SASL_PASSWORD/);
    assert.doesNotMatch(output, /server unreachable/);
  });

  it('sends its bills', async (t) => {
    const system = await createTestSystem(secured());
    t.after(() => system.destroy());
    await system.publish(20);
    const dispatcher = await system.startDispatcher();
    await system.until('all bills are sent', ({ delivered, total }) => total > 0 && delivered === total);
    assert.equal(await dispatcher.stop(), 0);
    assert.ok(!dispatcher.output().includes(saslUser.password));
  });

  it('gets the facts by the verbs', async () => {
    const doctor = await run(['cli/billcast.ts', 'doctor'], secured());
    assert.match(doctor.output, /by TLS, with a login by scram-sha-512/);
    assert.ok(!doctor.output.includes(saslUser.password));
    const refused = await run(['cli/billcast.ts', 'doctor'], { KAFKA_BROKERS: broker.address('tls') });
    assert.match(refused.output, /set KAFKA_TLS=true/);
    assert.equal(refused.code, 1);
  });
});
