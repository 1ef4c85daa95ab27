import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { settingNames } from '../../src/config/settings.ts';
import { projectDir } from '../../src/lib/projectDir.ts';

const folder = join(projectDir, 'ops', 'systemd');

/** The keys of a unit by section. A key that comes twice is an error here. */
function readUnit(file: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of readFileSync(join(folder, file), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    const [, name] = /^\[(\w+)\]$/.exec(line) ?? [];
    const [, key, value] = /^([A-Za-z]+)=(.+)$/.exec(line) ?? [];
    if (name !== undefined) {
      section = {};
      sections[name] = section;
    } else {
      assert.ok(key !== undefined && value !== undefined && !(key in section), `${file}: ${line}`);
      section[key] = value;
    }
  }
  return sections;
}

describe('the units for systemd', () => {
  for (const file of readdirSync(folder)) {
    it(`${file} starts what there is, with settings that there are, and waits for its end`, () => {
      const { Unit, Service, Install } = readUnit(file);
      assert.ok(Unit?.Description && Install?.WantedBy === 'multi-user.target');
      const [runtime, script = '', service = 'dispatcher'] = Service?.ExecStart?.split(' ') ?? [];
      assert.equal(runtime, `${Service?.WorkingDirectory}/node_modules/.bin/node`);
      assert.ok(existsSync(join(projectDir, script)));
      assert.ok(['dispatcher', 'api'].includes(service));
      for (const [, name = ''] of Service?.Environment?.matchAll(/(\w+)=/g) ?? []) {
        assert.ok(settingNames.includes(name), name);
      }
      assert.ok(Number(Service?.TimeoutStopSec) * 1_000 > loadConfig({}).stopTimeoutMs);
    });
  }
});
