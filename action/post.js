import { run, savedState } from './runner.js';

const program = savedState('program');
// The main step did not come as far as making anything.
if (program !== '') process.exitCode = await run(program, ['down', '--name', savedState('name')]);
