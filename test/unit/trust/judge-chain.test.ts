import { beforeAll, describe, expect, it } from 'vitest';
import type { Certificate } from '../../../src/trust/certificate.ts';
import type { CertificateReason } from '../../../src/trust/certificate-reason.ts';
import { judgeChain } from '../../../src/trust/judge-chain.ts';
import { DAY, days, type Made, make, makeCa, makeServer, NOW } from '../../support/certificates.ts';

const HOST = 'a.mesh.localhost';

/** One chain that is right, and the parts to break it with. */
interface Kit {
  readonly root: Made;
  readonly inter: Made;
  readonly leaf: Made;
}

interface Broken {
  readonly class: CertificateReason;
  readonly how: string;
  readonly presented: (kit: Kit) => Promise<readonly Made[]>;
  readonly anchors?: (kit: Kit) => Promise<readonly Made[]>;
  readonly at?: number;
  readonly purpose?: 'clientAuth';
}

const TABLE: readonly Broken[] = [
  { class: 'CERT_MISSING', how: 'nothing is shown', presented: async () => [] },
  {
    class: 'CERT_EXPIRED',
    how: 'the leaf ended',
    presented: async ({ inter }) => [await makeServer(HOST, inter, {}, days(-9, -1)), inter],
  },
  {
    class: 'CERT_EXPIRED',
    how: 'the intermediate ended, the leaf did not',
    presented: async ({ root }) => {
      const ended = await makeCa('inter', root, {}, days(-9, -1));
      return [await makeServer(HOST, ended), ended];
    },
  },
  {
    class: 'CERT_NOT_YET_VALID',
    how: 'the leaf begins tomorrow',
    presented: async ({ inter }) => [await makeServer(HOST, inter, {}, days(1, 9)), inter],
  },
  {
    class: 'CERT_UNKNOWN_ISSUER',
    how: 'a root that is not trusted',
    presented: async () => {
      const root = await makeCa('another root');
      return [await makeServer(HOST, root), root];
    },
  },
  {
    class: 'CERT_UNKNOWN_ISSUER',
    how: 'the leaf signed itself',
    presented: async () => [await makeServer(HOST, undefined)],
  },
  { class: 'CERT_UNKNOWN_ISSUER', how: 'nothing is trusted', presented: good, anchors: async () => [] },
  {
    class: 'CERT_CHAIN_INCOMPLETE',
    how: 'the intermediate is not sent',
    presented: async ({ leaf }) => [leaf],
  },
  {
    class: 'CERT_CHAIN_UNTIDY',
    how: 'a stranger is sent along',
    presented: async ({ leaf, inter }) => [leaf, inter, await makeCa('stranger')],
  },
  {
    class: 'CERT_CHAIN_UNTIDY',
    how: 'the root stands before the intermediate',
    presented: async ({ leaf, inter, root }) => [leaf, root, inter],
  },
  {
    class: 'CERT_CHAIN_UNTIDY',
    how: 'the intermediate is sent twice',
    presented: async ({ leaf, inter }) => [leaf, inter, inter],
  },
  {
    class: 'CERT_BAD_SIGNATURE',
    how: 'a CA of the same name with another key',
    presented: async () => {
      const impostor = await makeCa('root');
      return [await makeServer(HOST, impostor)];
    },
  },
  {
    class: 'CERT_NOT_A_CA',
    how: 'a leaf signed it',
    presented: async ({ leaf, inter }) => {
      const other = await makeServer('b.mesh.localhost', leaf);
      return [other, leaf, inter];
    },
  },
  {
    class: 'CERT_PATHLEN',
    how: 'an intermediate too many',
    presented: async ({ root }) => {
      const last = await makeCa('last', root, { ca: { pathLength: 0 } });
      const more = await makeCa('more', last);
      return [await makeServer(HOST, more), more, last];
    },
  },
  {
    class: 'CERT_NAME_CONSTRAINT',
    how: 'a name outside the zone of the intermediate',
    presented: async ({ root }) => {
      const limited = await makeCa('limited', root, {
        nameConstraints: [{ kind: 'dns', value: 'other.test' }],
      });
      return [await makeServer(HOST, limited), limited];
    },
  },
  {
    class: 'CERT_WRONG_EKU',
    how: 'a server certificate as a client',
    presented: good,
    purpose: 'clientAuth',
  },
  {
    class: 'CERT_WRONG_EKU',
    how: 'the intermediate is for clients only',
    presented: async ({ root }) => {
      const clients = await makeCa('clients', root, { extendedKeyUsage: ['clientAuth'] });
      return [await makeServer(HOST, clients), clients];
    },
  },
  {
    class: 'CERT_WRONG_KEY_USAGE',
    how: 'the leaf may sign certificates, but no handshakes',
    presented: async ({ inter }) => [
      await make({ commonName: HOST, ca: { pathLength: 0 }, names: { dns: [HOST] } }, inter),
      inter,
    ],
  },
  {
    class: 'CERT_WEAK_KEY',
    how: 'an RSA key of 1024 bits',
    presented: async ({ inter }) => [await makeServer(HOST, inter, { key: 'rsa-1024' }), inter],
  },
  {
    class: 'CERT_WEAK_SIGNATURE',
    how: 'a signature over SHA-1',
    presented: async ({ inter }) => [await makeServer(HOST, inter, { hash: 'SHA-1' }), inter],
  },
];

async function good({ leaf, inter }: Kit): Promise<readonly Made[]> {
  return [leaf, inter];
}

const certificatesOf = (made: readonly Made[]): readonly Certificate[] =>
  made.map(({ certificate }) => certificate);

describe('judgeChain', () => {
  let kit: Kit;

  beforeAll(async () => {
    const root = await makeCa('root', undefined, {}, days(-30, 300));
    const inter = await makeCa('inter', root);
    kit = { root, inter, leaf: await makeServer(HOST, inter) };
  });

  const judge = (
    presented: readonly Made[],
    more: { anchors?: readonly Made[]; purpose?: 'clientAuth' } = {},
  ) =>
    judgeChain({
      presented: certificatesOf(presented),
      anchors: certificatesOf(more.anchors ?? [kit.root]),
      known: [kit.inter.certificate],
      at: NOW,
      purpose: more.purpose ?? 'serverAuth',
    });

  it('finds nothing wrong with a good chain and gives its path', () => {
    const { path, findings } = judge([kit.leaf, kit.inter]);
    expect(findings).toEqual([]);
    expect(path.map((facts) => facts.subject)).toEqual([`CN=${HOST}`, 'CN=inter', 'CN=root']);
  });

  it('does not mind the root at the end of the list', () => {
    expect(judge([kit.leaf, kit.inter, kit.root]).findings).toEqual([]);
  });

  it('takes a good RSA key', async () => {
    expect(judge([await makeServer(HOST, kit.inter, { key: 'rsa-2048' }), kit.inter]).findings).toEqual([]);
  });

  it.each(TABLE)('says $class alone when $how', async ({ class: code, presented, anchors, purpose }) => {
    const { findings } = judge(await presented(kit), {
      ...(anchors === undefined ? {} : { anchors: await anchors(kit) }),
      ...(purpose === undefined ? {} : { purpose }),
    });
    expect(findings.map((finding) => finding.code)).toEqual([code]);
  });

  it('reports everything that is wrong, not the first', async () => {
    const root = await makeCa('root');
    const leaf = await makeServer(HOST, root, { extendedKeyUsage: ['clientAuth'] }, days(-9, -1));
    const codes = judge([leaf]).findings.map((finding) => finding.code);
    expect(codes).toEqual(['CERT_BAD_SIGNATURE', 'CERT_EXPIRED', 'CERT_WRONG_EKU']);
  });

  it('tells times and names in its message', async () => {
    const leaf = await makeServer(HOST, kit.inter, {}, days(-9, -1));
    const [finding] = judge([leaf, kit.inter]).findings;
    const ended = new Date(NOW - DAY).toISOString();
    expect(finding?.message).toContain(`CN=${HOST}`);
    expect(finding?.message).toContain(`expired ${ended}, it is ${new Date(NOW).toISOString()}`);
  });

  it('follows the constraints of the root as well', async () => {
    const root = await makeCa('limited root', undefined, {
      nameConstraints: [{ kind: 'dns', value: 'mesh.localhost' }],
    });
    const [inside, outside] = [await makeServer(HOST, root), await makeServer('example.test', root)];
    expect(judge([inside], { anchors: [root] }).findings).toEqual([]);
    expect(judge([outside], { anchors: [root] }).findings.map((finding) => finding.code)).toEqual([
      'CERT_NAME_CONSTRAINT',
    ]);
  });
});
