import { parseCertificates } from '../../../src/trust/certificate.ts';
import { judgeChain } from '../../../src/trust/judge-chain.ts';
import { judgeNames } from '../../../src/trust/judge-names.ts';
import { MeshdevError } from '../../../src/errors/meshdev-error.ts';
import type { ChainCase } from './cases/chain-case.ts';
import { MOMENT } from './craft.ts';

/** A server's chain in PEM, leaf first, as each verifier is asked about it. */
export interface Question {
  readonly id: string;
  readonly presented: readonly string[];
  readonly anchors: readonly string[];
  /** DNS name or IP address; left out where names do not matter. */
  readonly host?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export function questionOf({ presented, anchors, ...rest }: ChainCase): Question {
  const pem = (list: ChainCase['presented']): readonly string[] => list.map((each) => each.pem);
  return { ...rest, presented: pem(presented), anchors: pem(anchors), at: MOMENT };
}

export interface OwnAnswer {
  /** None: accepted. A list that is not tidy is no reason to distrust a chain. */
  readonly codes: readonly string[];
  /** Places of the path in what was presented, without the anchor. */
  readonly path: readonly number[];
}

/** What our own judge says. */
export function askUs({ presented, anchors, host, at }: Question): OwnAnswer {
  try {
    const certificates = presented.flatMap(parseCertificates);
    const [leaf] = certificates;
    const { path, findings } = judgeChain({
      presented: certificates,
      anchors: anchors.flatMap(parseCertificates),
      at,
      purpose: 'serverAuth',
    });
    const names = leaf === undefined || host === undefined ? [] : judgeNames(leaf, host);
    const places = path.map((facts) => certificates.findIndex((each) => each.facts === facts));
    return {
      codes: [...findings, ...names].map(({ code }) => code).filter((code) => code !== 'CERT_CHAIN_UNTIDY'),
      path: places.filter((place) => place !== -1),
    };
  } catch (error) {
    if (!(error instanceof MeshdevError)) throw error;
    return { codes: [error.code], path: [] };
  }
}
