import { describe, expect, it } from 'vitest';
import { explainKindFailure } from '../../../src/cluster/kind.ts';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';

describe('explainKindFailure', () => {
  const error = new MeshdevError('COMMAND_FAILED', {
    message: 'the node is not running',
    remedies: ['meshdev up'],
  });

  it('names the limit of inotify instances where it is low, and the line that raises it', () => {
    const explained = explainKindFailure(error, 128);
    expect(explained).toMatchObject({
      code: 'COMMAND_FAILED',
      remedies: ['sysctl -w fs.inotify.max_user_instances=1024', 'meshdev up'],
    });
    expect(explained).toHaveProperty('message', expect.stringContaining('allows 128 inotify instances'));
  });

  it.each([[512], [undefined]])('leaves the error as it is with %s', (instances) => {
    expect(explainKindFailure(error, instances)).toBe(error);
  });

  it('leaves what is not ours as it is', () => {
    const foreign = new TypeError('a bug');
    expect(explainKindFailure(foreign, 1)).toBe(foreign);
  });
});
