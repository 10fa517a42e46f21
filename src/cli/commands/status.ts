import { Command } from 'commander';
import { EXIT } from '../../errors/problems.ts';
import type { LastCheck } from '../../up/prove/last-check.ts';
import type { Plan } from '../../run/step.ts';
import type { LabState } from '../../lab/list-labs.ts';
import { DEFAULT_CHOICE, type Lab } from '../../topology/lab.ts';
import { json } from '../../report/json.ts';
import { withDeadline } from '../deadline.ts';
import { type CommonOptions, withCommon, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import type { OpenedLab } from '../wire.ts';

export function statusCommand(act: Act): Command {
  return withLab(withCommon(new Command('status'))).action(
    act(async (cli, options: CommonOptions) => {
      const { openWantedLab } = await import('../wire.ts');
      const { showActivity } = await import('../activity.ts');
      const { plan } = await import('../../up/up.ts');
      const opened = await openWantedLab(cli, options);
      const seen = await (async () => {
        await using _activity = showActivity(cli, `reading the state of lab ${opened.context.lab.name}`);
        // Awaited here: the activity must not end while it goes on.
        return await plan(opened.context, withDeadline(cli.signal, options.timeout));
      })();
      const { readLastCheck, redText } = await import('../../up/prove/last-check.ts');
      const last = await readLastCheck(opened.context.files.lastCheck);
      const state = await stateNow(opened, withDeadline(cli.signal, options.timeout));
      const up = seen.steps.every((step) => step.action === 'keep') && (last?.red.length ?? 0) === 0;
      const red = last === undefined ? '' : redLine(last.at, redText(last));
      if (options.output === 'json') cli.out(asJson(opened, seen, { up, state }, last));
      else print(cli, asText(opened, seen, { up, state }, red));
      return up ? EXIT.ok : EXIT.notUp;
    }),
  );
}

interface Standing {
  readonly up: boolean;
  readonly state: LabState;
}

async function stateNow({ context }: OpenedLab, signal: AbortSignal): Promise<LabState> {
  const { containersState, labContainers } = await import('../../lab/lab-containers.ts');
  const reached = await context.reachEngine(signal);
  if (reached === undefined) return 'unknown';
  return containersState(context.lab.name, await labContainers(reached.engine, context.lab, signal));
}

function asJson(
  { context: { lab }, record }: OpenedLab,
  { steps }: Plan,
  { up, state }: Standing,
  last: LastCheck | undefined,
): string {
  const parts = steps.map(({ id, action, because }) => ({ id, asWanted: action === 'keep', seen: because }));
  return json({
    schemaVersion: '1',
    kind: 'Status',
    lab: lab.name,
    up,
    state,
    domain: lab.domain,
    httpsPort: lab.httpsPort,
    imageSource: record?.imageSource ?? null,
    parts,
    lastCheck: last === undefined ? null : { at: last.at, red: last.red },
  });
}

function asText(
  { context: { lab }, record }: OpenedLab,
  { steps }: Plan,
  { up, state }: Standing,
  red: string,
): string {
  const images = record === undefined ? '' : `   images: ${record.imageSource.kind}`;
  const lines = steps.map(
    (step) => `  ${step.action === 'keep' ? 'ok  ' : 'off '} ${step.id.padEnd(10)} ${step.because}\n`,
  );
  return `lab ${lab.name}   ${lab.audience}   ${up ? 'up' : (ASLEEP[state]?.word ?? 'differs from the plan')}${images}\n${lines.join('')}${red}${wakeLine(lab, state)}`;
}

/** What wakes a lab whose containers are all stopped or all paused. */
const ASLEEP: Partial<Record<LabState, { readonly word: string; readonly command: string }>> = {
  stopped: { word: 'stopped', command: 'meshdev start' },
  paused: { word: 'paused', command: 'meshdev resume' },
};

function wakeLine({ name }: Lab, state: LabState): string {
  const asleep = ASLEEP[state];
  if (asleep === undefined) return '';
  return `  run    ${asleep.command}${name === DEFAULT_CHOICE.name ? '' : ` --name ${name}`}\n`;
}

/** The parts may be as wanted, and the chain broken by something beside them. */
function redLine(at: string, names: string): string {
  return names === ''
    ? ''
    : `  off  ${'check'.padEnd(10)} not green at ${at}: ${names}; meshdev check runs them again\n`;
}
