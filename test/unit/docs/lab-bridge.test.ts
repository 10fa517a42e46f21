import { expect, it } from 'vitest';
import { toDocument, toLab, variablesOf } from '../../support/docs/lab-bridge.ts';

const PLACE = { name: 'e2e-1', httpsPort: 8443, home: '/tmp/x/home', stateDir: '/tmp/x/home/state/meshdev' };

it('names lab and port by variables', () => {
  expect(variablesOf(PLACE)).toEqual({ MESHDEV_NAME: 'e2e-1', MESHDEV_HTTPS_PORT: '8443' });
});

it.each([
  ['docker logs meshdev-demo-edge', 'docker logs meshdev-e2e-1-edge'],
  ['URL=https://httpbin.mesh.localhost', 'URL=https://httpbin.mesh.localhost:8443'],
  ['curl https://httpbin.mesh.localhost/headers', 'curl https://httpbin.mesh.localhost:8443/headers'],
  ['openssl s_client -connect 127.0.0.1:443 -x', 'openssl s_client -connect 127.0.0.1:8443 -x'],
  ['curl --resolve httpbin.mesh.localhost:30443:$NODE https://httpbin.mesh.localhost:30443/', undefined],
  ["curl -H 'Host: nobody.mesh.localhost' $URL/", undefined],
])('writes %j for the lab', (command, wanted = command) => {
  expect(toLab(command, PLACE)).toBe(wanted);
});

it.each([
  ['lab e2e-1   https://httpbin.mesh.localhost:8443   up', 'lab demo   https://httpbin.mesh.localhost   up'],
  ['i:CN = meshdev edge root e2e-1, O', 'i:CN = meshdev edge root demo, O'],
  ['container meshdev-e2e-1-edge', 'container meshdev-demo-edge'],
  ['run    meshdev up --name e2e-1 --https-port 8443 --yes', 'run    meshdev up --yes'],
  ['run    meshdev up --name second --https-port 9443', undefined],
  ['on 127.0.0.1:8443: nobody listens', 'on 127.0.0.1:443: nobody listens'],
  ['looking for port 8443 on loopback', 'looking for port 443 on loopback'],
  ['--resolve auth.mesh.localhost:8443:127.0.0.1', '--resolve auth.mesh.localhost:443:127.0.0.1'],
  ["KUBECONFIG='/tmp/x/home/state/meshdev/labs/e2e-1/k'", "KUBECONFIG='~/.local/state/meshdev/labs/demo/k'"],
  ['bundle /tmp/x/home/lab.bundle', 'bundle ~/lab.bundle'],
  ['0.0.0.0_8443.ssl 18443 84430', undefined],
])('reads %j as a document says it', (printed, wanted = printed) => {
  expect(toDocument(printed, PLACE)).toBe(wanted);
});
