import { expect, it } from 'vitest';
import { allSessions } from '../../support/docs/documents.ts';
import { MOMENTS } from '../../support/docs/sessions.ts';

const sessions = await allSessions();

it('every moment of the tests has a session', () => {
  const told = new Set(sessions.flatMap(({ mark }) => (mark.kind === 'run' ? [mark.moment] : [])));
  expect([...told].toSorted()).toEqual(MOMENTS.toSorted());
});

it('what is not run is this, for these reasons', () => {
  const lines = sessions.flatMap(({ file, mark, commands }) =>
    mark.kind === 'run' ? [] : [`${file}: ${commands[0]?.command}: ${mark.reason}`],
  );
  expect(lines).toEqual([
    'README.md: meshdev up: it needs the programs of the example',
    'docs/commands.md: meshdev init --service orders --build ./orders --port 8080 --host orders --role admin: it needs the project of the example',
    'docs/commands.md: meshdev config show --origin --domain lab.test: tests give name and port by variables',
    'docs/commands.md: meshdev config access orders: it needs the project of the example',
    'docs/images.md: MESHDEV_IMAGE_PROFILE=stock meshdev up --yes --mirror 127.0.0.1:5000: it pulls 1.6 GB from a mirror',
    'docs/own-service.md: meshdev kubectl create namespace mine: it deploys a file of the reader',
    'docs/own-service.md: eval "$(meshdev env)": it needs a kubectl on this machine, and does not end',
    'docs/services.md: meshdev config validate: it needs the project of the example',
    'docs/services.md: meshdev config show: it needs the project of the example',
    'docs/services.md: meshdev config validate: it needs the project of the example',
    'docs/services.md: meshdev config schema > meshdev.schema.json: it needs the project of the example',
  ]);
});
