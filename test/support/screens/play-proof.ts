import { setTimeout as pause } from 'node:timers/promises';
import { proofTo, showProof } from '../../../src/cli/activity.ts';
import { nextKey } from './next-key.ts';
import { terminalCli } from './terminal-cli.ts';

// The progress of a proof on a real terminal. `watched` goes on key by key, `stays` until the second Ctrl-C.

const key = nextKey(process.argv[2] === 'watched');
let note: ((text: string) => void) | undefined;
let stops = 0;
process.on('SIGINT', () => {
  stops += 1;
  if (stops > 1) process.exit(130);
  note?.('meshdev: stopping on SIGINT; a second signal stops now');
});

{
  await using activity = showProof(terminalCli((drawn) => (note = drawn)));
  const judged = proofTo(activity);
  const hops = [
    ['client->edge', 24],
    ['gateway->sidecar', 47],
    ['istiod->idp', 6],
  ] as const;
  for (const count of [0, 3, 6, 9]) {
    judged({ judged: count * 10, checks: 155, open: new Map(hops) });
    await key();
  }
  if (process.argv[2] === 'stays') await pause(60_000);
}
process.stdout.write('155 checks   exit 0\n');
