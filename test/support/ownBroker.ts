import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { embeddedStatus, openEmbedded } from '../../src/embedded/openEmbedded.ts';
import { eventually } from './eventually.ts';
import { jarsDir } from './jarsDir.ts';

/** A broker of this test's own, which may be killed. */
export class OwnBroker {
  readonly #dataDir: string;
  #servers: Awaited<ReturnType<typeof openEmbedded>>;

  static async start(): Promise<OwnBroker> {
    const dataDir = await mkdtemp(join(tmpdir(), 'billcast-broker-'));
    return new OwnBroker(dataDir, await OwnBroker.#open(dataDir));
  }

  constructor(dataDir: string, servers: Awaited<ReturnType<typeof openEmbedded>>) {
    this.#dataDir = dataDir;
    this.#servers = servers;
  }

  get address(): string {
    const { kafkaBrokers } = this.#servers;
    assert.ok(kafkaBrokers !== undefined);
    return kafkaBrokers;
  }

  async kill(): Promise<void> {
    const { kafka } = await embeddedStatus({ dataDir: this.#dataDir });
    assert.ok(kafka.pid !== undefined);
    process.kill(kafka.pid, 'SIGKILL');
    await eventually(async () => !(await embeddedStatus({ dataDir: this.#dataDir })).kafka.running);
  }

  async restart(): Promise<void> {
    const before = this.address;
    await this.#servers.close();
    this.#servers = await OwnBroker.#open(this.#dataDir);
    assert.equal(this.address, before, 'the broker came back at another address');
  }

  async remove(): Promise<void> {
    await this.#servers.close();
    await rm(this.#dataDir, { recursive: true, force: true });
  }

  static #open(dataDir: string) {
    return openEmbedded({
      dataDir,
      jarsDir,
      needs: { kafka: true, postgres: false },
      onProgress: () => undefined,
    });
  }
}
