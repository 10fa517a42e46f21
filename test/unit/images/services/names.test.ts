import { describe, expect, it } from 'vitest';
import { imageName, nameInEngine } from '../../../../src/images/services/image-name.ts';

const digest = `sha256:${'ab'.repeat(32)}`;

describe('the name of an image', () => {
  it.each([
    ['node', 'docker.io/library/node:latest'],
    ['node:22-alpine', 'docker.io/library/node:22-alpine'],
    ['team/orders:1.4', 'docker.io/team/orders:1.4'],
    ['docker.io/node:22', 'docker.io/library/node:22'],
    ['index.docker.io/library/node:22', 'docker.io/library/node:22'],
    ['ghcr.io/team/orders', 'ghcr.io/team/orders:latest'],
    ['localhost/orders:1', 'localhost/orders:1'],
    ['registry.example.com:5000/orders', 'registry.example.com:5000/orders:latest'],
    ['127.0.0.1:5000/team/orders:1', '127.0.0.1:5000/team/orders:1'],
    [`node@${digest}`, `docker.io/library/node@${digest}`],
    [`ghcr.io/team/orders:1.4@${digest}`, `ghcr.io/team/orders@${digest}`],
  ])('%s is %s', (text, full) => expect(imageName(text).full).toBe(full));

  it('is its own in the engine, unless it is a digest', () => {
    expect(nameInEngine(imageName('node:22'))).toBe('docker.io/library/node:22');
    expect(nameInEngine(imageName(`ghcr.io/team/orders@${digest}`))).toBe(
      'meshdev.local/fetched/orders:abababababababab',
    );
  });
});
