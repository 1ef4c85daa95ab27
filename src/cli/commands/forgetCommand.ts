import type { Command } from 'commander';
import { type ForgetFacts, forgetMember } from '../../operations/forgetMember.ts';
import { addUsage } from '../commandUsage.ts';
import { confirm } from '../confirm.ts';
import { jsonOption } from '../jsonOption.ts';
import { withSystem } from '../openSystem.ts';
import { printFacts } from '../output.ts';
import { recordAccess } from '../recordAccess.ts';

interface ForgetOptions {
  readonly reason: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function defineForget(command: Command): void {
  addUsage(command, {
    examples: [
      [
        'forget 77 --reason "she asked, ticket 4711" --dry-run',
        'what would be deleted, and what is elsewhere',
      ],
      ['forget 77 --reason "she asked, ticket 4711" --yes', 'delete it'],
    ],
  });
  command
    .description(
      "Deletes what billcast keeps of a member. Ids, and what happened to the member's bills, stay. Delete the member " +
        'in the billing system first, or the index of contacts has them again.',
    )
    .argument('<memberId>', "the member's id in the billing system")
    .requiredOption('--reason <text>', 'why; kept with the access record. No names or numbers of persons')
    .option('--dry-run', 'only count')
    .option('--yes', 'do not ask')
    .addOption(jsonOption())
    .action(async (member: string, options: ForgetOptions) => {
      const { reason, dryRun = false, yes, json } = options;
      if (!dryRun && !(await confirm(`Forget member ${member} for good?`, { yes }))) return;
      await withSystem(async ({ config, database }) => {
        const access = { what: 'forget', reason: `member ${member}: ${reason}`, dryRun };
        const facts = await recordAccess(database, access, () =>
          forgetMember({ config, database }, { member, dryRun }),
        );
        if (json) printFacts(facts, { json });
        else printForgotten(facts);
      });
    });
}

function printForgotten({ forgotten, left, source: _, ...facts }: ForgetFacts): void {
  printFacts({ ...facts, ...forgotten }, {});
  process.stdout.write(`\nNot deleted:\n${left.map((line) => `- ${line}\n`).join('')}`);
}
