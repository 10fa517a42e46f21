import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import { sizeText } from '../../host/judges/space-problem.ts';
import type { ListedLab } from '../../lab/list-labs.ts';
import { ageOf } from '../../lab/whose.ts';
import { json } from '../../report/json.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';

export function listCommand(act: Act): Command {
  return withCommon(new Command('list')).action(
    act(async (cli, options: CommonOptions) => {
      const { openLab } = await import('../wire.ts');
      const { listLabs } = await import('../../lab/list-labs.ts');
      const { context } = await openLab(cli, {}, true);
      const signal = withDeadline(cli.signal, options.timeout);
      const reached = await context.reachEngine(signal);
      const labs = await listLabs(context.paths, reached?.engine, signal);
      if (options.output === 'json') cli.out(asJson(labs, reached !== undefined));
      else print(cli, labsText(labs, reached !== undefined, Date.now()));
      return EXIT.ok;
    }),
  );
}

function asJson(labs: readonly ListedLab[], engineAnswers: boolean): string {
  return json({
    schemaVersion: '1',
    kind: 'LabList',
    engineAnswers,
    labs: labs.map((lab) => ({
      ...lab,
      stateDir: lab.stateDir ?? null,
      url: lab.url ?? null,
      createdAt: lab.createdAt ?? null,
      diskBytes: lab.diskBytes ?? null,
    })),
  });
}

/** Pure. @param now milliseconds since the epoch */
export function labsText(labs: readonly ListedLab[], engineAnswers: boolean, now: number): string {
  const silent = engineAnswers
    ? ''
    : 'no container engine answers: labs of other state directories are not listed\n';
  if (labs.length === 0) return `there are no labs\n${silent}`;
  return `${labs.map((lab) => labText(lab, now)).join('')}${silent}`;
}

function labText(lab: ListedLab, now: number): string {
  const { name, state, lost, url, ports, createdAt, diskBytes, stateDir } = lab;
  const head = [
    `lab ${name}`,
    state,
    ...(url === undefined ? [] : [url]),
    ...(createdAt === undefined ? [] : [`created ${ageOf(createdAt, now)}`]),
  ];
  const rows = [
    ...(ports.length === 0 ? [] : [`  ports      ${ports.join(', ')}\n`]),
    ...(diskBytes === undefined ? [] : [`  disk       ${sizeText(diskBytes)}\n`]),
    `  directory  ${stateDir ?? 'not recorded'}\n`,
    ...(lost
      ? [`  lost       no state directory has its keys\n  run    meshdev down --force --name ${name}\n`]
      : []),
  ];
  return `${head.join('   ')}\n${rows.join('')}`;
}
