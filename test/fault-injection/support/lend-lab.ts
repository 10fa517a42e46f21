import { createLab, DEFAULT_CHOICE } from '../../../src/topology/lab.ts';
import { openHome, removeLeftover } from '../../support/e2e-home.ts';
import { exited } from '../../support/e2e-program.ts';
import { type Bench, openBench } from './bench.ts';

const LAB = createLab({ ...DEFAULT_CHOICE, name: 'sabotage', httpsPort: 8543 });

/** A running lab, and what takes it down again where it was made for the tests. */
export interface LentLab extends AsyncDisposable {
  readonly bench: Bench;
}

/** The lab that `MESHDEV_SABOTAGE_LAB` names, else one of its own. */
export async function lendLab(): Promise<LentLab> {
  const lent = process.env['MESHDEV_SABOTAGE_LAB'];
  if (lent !== undefined)
    return { bench: await openBench(process.env, lent), [Symbol.asyncDispose]: async () => undefined };
  const home = await openHome();
  await removeLeftover(home, LAB.name);
  exited(
    await home.meshdev(['up', '--name', LAB.name, '--https-port', String(LAB.httpsPort), '--no-check']),
    0,
  );
  return {
    bench: await openBench(home.env, LAB.name),
    [Symbol.asyncDispose]: async () => {
      await home.meshdev(['down', '--name', LAB.name]);
      await home[Symbol.asyncDispose]();
    },
  };
}
