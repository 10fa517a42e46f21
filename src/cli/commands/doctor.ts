import { Command } from 'commander';
import type { Diagnosis } from '../../doctor/diagnose.ts';
import type { CliContext } from '../cli-context.ts';
import { type CommonOptions, withAddress, withCommon, withConsent, withLab } from '../options.ts';
import { print } from '../print.ts';
import type { Act } from '../act.ts';
import { runScopeOf } from '../run-scope-of.ts';

interface DoctorOptions extends CommonOptions {
  readonly fix?: boolean;
}

/** How one run of the command went. */
interface Course {
  readonly startedAt: string;
  readonly durationMs: number;
  readonly fixed: readonly string[];
}

export function doctorCommand(act: Act): Command {
  return withConsent(withAddress(withLab(withCommon(new Command('doctor')))))
    .option('--fix', 'make the changes that are safe, after your consent')
    .action(
      act(async (cli, options: DoctorOptions) => {
        const startedAt = new Date().toISOString();
        const { examine, repair } = await import('../doctor-flow.ts');
        const { openLab } = await import('../wire.ts');
        const { context } = await openLab(cli, options);
        const run = runScopeOf(cli, options);
        const began = performance.now();
        const first = await examine(cli, context, options, run.signal);
        const tookMs = performance.now() - began;
        const fixed = options.fix === true ? await repair(cli, options, first, run) : [];
        // What was repaired is looked at again, and not taken as repaired.
        const diagnosis = fixed.length === 0 ? first : await examine(cli, context, options, run.signal);
        await show(cli, options, diagnosis, { startedAt, durationMs: tookMs, fixed });
        return diagnosis.summary.exitCode;
      }),
    );
}

async function show(
  cli: CliContext,
  options: DoctorOptions,
  diagnosis: Diagnosis,
  course: Course,
): Promise<void> {
  if (options.output === 'json') {
    const { json } = await import('../../report/json.ts');
    const { doctorJson } = await import('../../report/doctor-json.ts');
    cli.out(json(doctorJson(diagnosis, course)));
    return;
  }
  const { doctorText } = await import('../../report/doctor-text.ts');
  const { describeFix, fixesOf } = await import('../../doctor/diagnose.ts');
  const fixable = options.fix === true ? [] : fixesOf(diagnosis, cli.uid).map(describeFix);
  const all = options.verbose === true;
  print(cli, doctorText(diagnosis, { colour: cli.colour.out, all, fixable, ...course }));
}
