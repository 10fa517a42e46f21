import { Command } from 'commander';
import { dockerHostOf } from '../../engine/endpoint.ts';
import type { EngineManager, EngineStatus } from '../../engine/engine-manager.ts';
import type { StopOutcome } from '../../engine/stop.ts';
import { describeChange } from '../../engine/plan-engine.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import { EXIT } from '../../errors/problems.ts';
import { pathsFrom } from '../../topology/paths.ts';
import type { CliContext } from '../cli-context.ts';
import { withDeadline } from '../deadline.ts';
import { json } from '../../report/json.ts';
import { type CommonOptions, withCommon, withConsent } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import { runScopeOf } from '../run-scope-of.ts';

export function engineCommand(act: Act): Command {
  const command = new Command('engine');
  command.addCommand(
    withCommon(
      new Command('status').description(
        'print the running engine, its socket, and whether meshdev started it',
      ),
    ).action(
      act(async (cli, options: CommonOptions) => {
        const status = await (await managerOf(cli)).status(withDeadline(cli.signal, options.timeout));
        if (options.output === 'json') cli.out(json(statusJson(status)));
        else print(cli, statusText(status));
        return status.kind === 'up' ? EXIT.ok : EXIT.notUp;
      }),
    ),
  );
  command.addCommand(
    withConsent(
      withCommon(new Command('start').description('start an engine; install one if necessary and possible')),
    ).action(act(async (cli, options: CommonOptions) => start(cli, await managerOf(cli), options))),
  );
  command.addCommand(
    withCommon(new Command('stop').description('stop the engine that meshdev started')).action(
      act(async (cli, options: CommonOptions) => {
        const stopped = await (await managerOf(cli)).stop(runScopeOf(cli, options));
        if (options.output === 'json') cli.out(json(stopJson(stopped)));
        else print(cli, stopText(stopped));
        return EXIT.ok;
      }),
    ),
  );
  return command;
}

async function managerOf(cli: CliContext): Promise<EngineManager> {
  const { openEngines, openRunner } = await import('../wire.ts');
  return openEngines(cli, pathsFrom(cli.env, cli.home), openRunner(cli));
}

async function start(cli: CliContext, manager: EngineManager, options: CommonOptions): Promise<number> {
  const { askConsent } = await import('../consent.ts');
  const run = runScopeOf(cli, options);
  const plan = await manager.plan(run.signal);
  if (plan.kind === 'change') {
    const items = plan.changes.map((change) => ({ what: describeChange(change) }));
    if (!(await askConsent(cli, options, items, run.signal))) {
      throw new MeshdevError('CONSENT_NEEDED', {
        message: `starting an engine: these changes need consent: ${items.map((item) => item.what).join(' · ')}`,
        remedies: ['meshdev engine start --yes'],
      });
    }
  }
  const found = await manager.apply(plan, run);
  if (options.output === 'json') cli.out(json(statusJson(await manager.status(run.signal))));
  else print(cli, `Docker ${found.version} answers: ${found.because}\n`);
  return EXIT.ok;
}

function stopJson(stopped: StopOutcome) {
  const containers = stopped.kind === 'stopped' ? stopped.containers : [];
  return { schemaVersion: '1', kind: 'EngineStop', state: stopped.kind, containers } as const;
}

function stopText(stopped: StopOutcome): string {
  if (stopped.kind === 'nothing-ran') return 'no engine runs: nothing to stop\n';
  const { containers } = stopped;
  return `stopped the engine${containers.length === 0 ? '' : ` and its containers ${containers.join(', ')}`}\n`;
}

function statusJson(status: EngineStatus) {
  if (status.kind === 'down')
    return { schemaVersion: '1', kind: 'EngineStatus', state: 'down', because: status.because } as const;
  const { found, record } = status;
  return {
    schemaVersion: '1',
    kind: 'EngineStatus',
    state: 'up',
    endpoint: dockerHostOf(found.endpoint),
    version: found.version,
    because: found.because,
    startedByMeshdev: record !== undefined,
  } as const;
}

function statusText(status: EngineStatus): string {
  if (status.kind === 'down') return `no engine: ${status.because}\n`;
  const { found, record } = status;
  const by =
    record === undefined
      ? 'not started by meshdev'
      : `started by meshdev${record.process === undefined ? '' : `, pid ${record.process.pid}`}`;
  return `Docker ${found.version} at ${dockerHostOf(found.endpoint)} (${found.because}); ${by}\n`;
}
