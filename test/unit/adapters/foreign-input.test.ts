import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CONTAINER_CODE } from '../../../src/images/container-code.ts';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import { readDump } from '../../../src/probe/mesh/proxy-dump.ts';
import { readSync } from '../../../src/probe/mesh/proxies.ts';
import { edgeListens } from '../../../src/probe/edge/edge-listeners.ts';
import { peerRule } from '../../../src/probe/mesh/peer-rules.ts';
import { toVirtualService } from '../../../src/probe/gateway/cluster-state.ts';
import { podFacts } from '../../../src/probe/mesh/pods.ts';

const SOURCES = join(import.meta.dirname, '../../../src');

/** Where something may throw on what it cannot parse: beside it is caught, or it is a file of this package. */
const CAUGHT: Readonly<Record<string, string>> = {
  'parse-json.ts': 'is the way to parse',
  'cli/package-version.ts': 'package.json of meshdev',
  'cluster/kind-config.ts': 'a file of this package',
  'engine/docker-context.ts': 'caught: no context',
  'engine/engine-record.ts': 'caught: no record',
  'images/bundle/image-form.ts': 'caught: no configuration',
  'images/bundle/read-export.ts': 'caught: no export',
  'images/packages/cache.ts': 'caught: no manifest',
  'keys/idp-secrets.ts': 'made here',
  'keys/key-store.ts': 'caught: no secrets',
  'lab/lab-lock.ts': 'caught: nobody’s lock',
  'lab/lab-record.ts': 'caught: no record',
  'mesh/never-matches.ts': 'caught: no texts',
  'probe/exposure/bypass.ts': 'caught: no peer',
  'probe/host/names.ts': 'caught: no facts',
  'trust/token.ts': 'caught: malformed',
};

describe('what others say', () => {
  it('is parsed where it cannot end in a bug: by readAnswer, or beside a catch', async () => {
    const files = (await readdir(SOURCES, { recursive: true })).filter((path) => path.endsWith('.ts'));
    const parsing = await Promise.all(
      files
        // Programs in containers have their own.
        .filter((path) => !CONTAINER_CODE.some(({ dist }) => path.startsWith(`${dist}/`)))
        .map(async (path) =>
          /(?<!Date)\.parse\(/.test(await readFile(join(SOURCES, path), 'utf8')) ? [path] : [],
        ),
    );
    expect(parsing.flat().toSorted()).toEqual(Object.keys(CAUGHT).toSorted());
  });

  const object = { apiVersion: 'v1', kind: 'X', metadata: { name: 'x', namespace: 'y' } };
  it.each<[string, () => unknown]>([
    ['a proxy’s dump that is a page', () => readDump('<html>')],
    ['a proxy’s dump that is another document', () => readDump('{"configs": 1}')],
    ['istiod’s word that is cut off', () => readSync('[{"proxy": "a')],
    ['the edge’s configuration', () => edgeListens({ apps: null })],
    ['a PeerAuthentication', () => peerRule({ ...object, spec: { mtls: 7 } })],
    ['a VirtualService', () => toVirtualService({ ...object, spec: { hosts: 'all' } })],
    ['a pod', () => podFacts('httpbin', object)],
  ])('ends with what was asked and what came: %s', (_, read) => {
    const seen = catching(read);
    expect(seen).toBeInstanceOf(MeshdevError);
    expect(seen).toMatchObject({
      code: 'ANSWER_UNREADABLE',
      message: expect.stringMatching(/^\w+ing .+ · the response cannot be parsed \(.+\); it begins .+/),
    });
  });
});

function catching(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    return error;
  }
}
