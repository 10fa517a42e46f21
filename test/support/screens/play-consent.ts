import { askConsent } from '../../../src/cli/consent.ts';
import { withDeadline } from '../../../src/cli/deadline.ts';
import { reportFailure } from '../../../src/cli/failure.ts';
import { terminalCli } from './terminal-cli.ts';

// The question before a change, on a real terminal. Usage: play-consent.ts [TIMEOUT_MS]

const cli = terminalCli();
const items = [
  { what: 'install the Debian packages docker.io, iptables and containerd with apt-get' },
  { what: 'start a container engine' },
];
const options = { output: 'text', input: true };
const [, , timeoutMs] = process.argv;
const signal = withDeadline(cli.signal, timeoutMs === undefined ? undefined : Number(timeoutMs));
process.exitCode = await askConsent(cli, options, items, signal).then(
  (yes) => {
    cli.out(`${yes ? 'yes' : 'no'}\n`);
    return yes ? 0 : 2;
  },
  (thrown: unknown) => reportFailure(thrown, cli, { json: false, verbose: false, argv: ['up'] }),
);
