import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkArguments, upArguments } from './arguments.js';
import { addPath, exportVariables, input, read, run, saveState, setOutputs } from './runner.js';

const own = join(dirname(fileURLToPath(import.meta.url)), '..', 'bin', 'meshdev');
const program = input('meshdev') || own;
const name = input('name');

// Before anything is made: what a failed `up` leaves behind is removed too.
saveState({ program, name });
if (program === own) addPath(dirname(own));
process.exitCode = await bringUp();

async function bringUp() {
  const up = await run(program, upArguments(input));
  if (up !== 0) return up;
  const { MESHDEV_URL, MESHDEV_CA, KUBECONFIG, MESHDEV_ISSUER } = JSON.parse(
    await read(program, ['env', '--name', name, '-o', 'json']),
  );
  exportVariables({ MESHDEV_URL, MESHDEV_CA, KUBECONFIG, MESHDEV_ISSUER });
  const report = join(process.env['RUNNER_TEMP'] ?? '.', `meshdev-${name}.html`);
  const check = checkArguments(input, report);
  setOutputs({
    url: MESHDEV_URL,
    ca: MESHDEV_CA,
    kubeconfig: KUBECONFIG,
    report: check === undefined ? '' : report,
  });
  return check === undefined ? 0 : run(program, check);
}
