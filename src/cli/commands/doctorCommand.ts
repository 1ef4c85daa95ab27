import type { Command } from 'commander';
import { examine } from '../../operations/doctor/doctor.ts';
import type { Finding } from '../../operations/doctor/finding.ts';
import { printFacts } from '../system.ts';

export function addDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'check settings, servers, topics, templates, ciphers and what holds bills up; changes nothing; exit 1 if a check fails',
    )
    .option('--json', 'print the findings as one line of JSON')
    .action(doctor);
}

async function doctor(options: { json?: boolean }): Promise<void> {
  const findings = await examine();
  const failed = findings.filter(({ verdict }) => verdict === 'fail').length;
  const warned = findings.filter(({ verdict }) => verdict === 'warn').length;
  if (options.json) printFacts({ healthy: failed === 0, failed, warned, findings }, options);
  else process.stdout.write(findingLines(findings));
  if (failed > 0) process.exitCode = 1;
}

function findingLines(findings: readonly Finding[]): string {
  return findings
    .map(({ check, verdict, text }) => `${verdict.padEnd(4)}  ${check.padEnd(12)}  ${text}\n`)
    .join('');
}
