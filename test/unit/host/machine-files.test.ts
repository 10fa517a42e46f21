import { describe, expect, it } from 'vitest';
import { type MachineMarks, mentionsIn } from '../../../src/host/machine-files.ts';

const marks: MachineMarks = {
  context: { kind: 'name', text: 'kind-meshdev-demo' },
  host: { kind: 'name', text: 'httpbin.mesh.localhost' },
  root: { kind: 'certificate', text: 'MIIBAAAABBBBCCCC' },
};

describe('a mark of the lab in a file of the machine', () => {
  it.each([
    ['current-context: kind-meshdev-demo\n', ['context']],
    ['{"name":"kind-meshdev-demo"}', ['context']],
    ['# kind-meshdev-demo', ['context']],
    ['127.0.0.1\thttpbin.mesh.localhost # meshdev\n', ['host']],
    ['https://httpbin.mesh.localhost:8443/', ['host']],
    ['-----BEGIN-----\nMIIBAAAA\r\nBBBB\nCCCC\n-----END-----', ['root']],
  ])('is found: %j', (text, found) => {
    expect(mentionsIn(text, marks)).toEqual(found);
  });

  it.each([
    ['name: kind-meshdev-demo2'],
    ['name: kind-meshdev-demo-2'],
    ['name: other-kind-meshdev-demo'],
    ['127.0.0.1 httpbin.mesh.localhost.example'],
    ['127.0.0.1 my.httpbin.mesh.localhost'],
    ['127.0.0.1 httpbinxmesh.localhost'],
    // Only a certificate is folded.
    ['kind-meshdev-\ndemo'],
  ])('is none of a longer or another name: %j', (text) => {
    expect(mentionsIn(text, marks)).toEqual([]);
  });
});
