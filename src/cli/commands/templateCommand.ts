import type { Command } from 'commander';
import { loadConfig } from '../../config/loadConfig.ts';
import { openRenderDeps } from '../../operations/preview.ts';
import { openProjectTemplates } from '../../operations/projectTemplates.ts';
import { reviewTemplate } from '../../operations/templates/reviewTemplate.ts';
import { templateVersion } from '../../render/template/templateVersion.ts';
import { addUsage } from '../commandUsage.ts';
import { jsonOption } from '../jsonOption.ts';
import { printFacts } from '../output.ts';

export function defineTemplate(template: Command): void {
  template.description('Works on the messages of bills; see docs/templates.md.');
  const check = template
    .command('check')
    .description(
      'compile all messages, print the sample bill, and look for weak contrast, missing texts for screen ' +
        'readers, words of advertisements and spam, and messages that are cut off or cost more',
    )
    .addOption(jsonOption())
    .action(checkTemplate);
  addUsage(check, {
    examples: [['template check', 'what to look at, one line each']],
    exitsWith1: 'there is anything to look at',
  });
}

async function checkTemplate({ json }: { json?: boolean }): Promise<void> {
  const config = loadConfig();
  const { set, templates } = await openProjectTemplates(config);
  const remarks = reviewTemplate({ ...(await openRenderDeps({ config, templates })), set });
  if (remarks.length > 0) process.exitCode = 1;
  const languages = Object.keys(templates.languages);
  const version = templateVersion(set);
  if (json) {
    printFacts({ template: set.name, languages, version, remarks }, { json });
    return;
  }
  for (const remark of remarks) process.stdout.write(`${remark}\n`);
  printFacts(
    { template: set.name, languages: languages.join(', '), version, remarks: remarks.length },
    { json },
  );
}
