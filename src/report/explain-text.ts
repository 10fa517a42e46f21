import type { Explanation } from '../checks/explain.ts';

/** What `meshdev explain` prints. */
export function explainText(found: readonly Explanation[]): string {
  return `${found.map(oneText).join('\n\n')}\n`;
}

function oneText(one: Explanation): string {
  switch (one.kind) {
    case 'check': {
      const refused = one.refuser === null ? [] : [row('refuser', one.refuser)];
      const control = one.control === null ? [] : [row('control', one.control)];
      return [
        `${one.id}  ${one.title}`,
        row('hop', one.hop.replace('->', ' -> ')),
        row('kind', one.polarity === 'negative' ? 'negative: sends forged input' : 'positive'),
        ...refused,
        ...control,
        row('judged by', one.evidence.join(', ')),
        row('impact', one.means),
        row('hint', one.lookAt),
        row('run', `meshdev check ${one.id} --verbose`),
      ].join('\n');
    }
    case 'reason':
      return [
        `${one.code}  ${one.title}`,
        ...(one.checks.length === 0 ? [] : [row('checks', one.checks.join(', '))]),
        row('run', 'meshdev up, which repairs differences from the plan'),
      ].join('\n');
    case 'problem':
      return [
        `${one.code}  ${one.title}`,
        row('exit code', String(one.exitCode)),
        row('what to do', offline(one.advice)),
      ].join('\n');
    case 'finding':
      return [
        `${one.id}  ${one.title}`,
        row('judged by', 'meshdev doctor'),
        row('at worst', one.worst),
        row('impact', one.why),
        row('run', 'meshdev doctor --verbose'),
      ].join('\n');
    case 'term':
      return [
        [one.name, ...(one.also ?? [])].join(', '),
        row('means', one.means),
        ...(one.see === undefined ? [] : [row('run', `meshdev docs ${one.see}`)]),
      ].join('\n');
    case 'signal':
      return [
        `${one.name}  (${one.source})`,
        row('means', one.reason),
        row('what to do', one.remedy),
        ...(one.see.length === 0 ? [] : [row('checks', one.see.join(', '))]),
      ].join('\n');
  }
}

/** Links to pages of the documentation, as the command that shows them offline. */
function offline(advice: string): string {
  return advice.replaceAll(/\[[^\]]+\]\(([a-z-]+)\.md(?:#[a-z-]+)?\)/g, '`meshdev docs $1`');
}

function row(name: string, value: string): string {
  return `  ${name.padEnd(10)}  ${value}`;
}
