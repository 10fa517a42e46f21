import type { EvidenceMap } from '../../src/evidence/evidence-map.ts';
import type { OwnRequest } from '../../src/evidence/own-answers.ts';
import type { OwnAnswer } from '../../src/cases/own-answers/own-answer.ts';
import { OWN_ANSWERS } from '../../src/cases/own-answers/own-answers.ts';
import { type Lab, publicHosts } from '../../src/topology/lab.ts';
import { data, ended } from './wires.ts';

/** The edge answers what is on its list, and gives no session to be resumed. */
export function healthyEdge(lab: Lab): Pick<EvidenceMap, 'edge.own' | 'edge.sessions'> {
  return {
    'edge.own': OWN_ANSWERS.filter(({ strictOnly }) => strictOnly !== true).map(ownRequest),
    'edge.sessions': publicHosts(lab).map((host) => ({ host, given: false, error: undefined })),
  };
}

function ownRequest(each: OwnAnswer): OwnRequest {
  const { answer } = each;
  const status = answer.kind === 'status' ? answer.status : 499;
  return {
    case: each,
    wire: wireOf(answer),
    first: answer.kind === 'bytes' ? answer.text : '',
    edge: each.record === true ? recordOf(status) : undefined,
    isBehind: each.begun === true,
  };
}

function wireOf(answer: OwnAnswer['answer']): OwnRequest['wire'] {
  switch (answer.kind) {
    case 'status':
      return data({ status: answer.status, body: answer.body });
    case 'bytes':
    case 'stream-reset':
      return data();
    case 'alert':
      return ended('alert', answer.alert);
    case 'closed':
      return ended('closed');
  }
}

function recordOf(status: number): OwnRequest['edge'] {
  return {
    meshdevId: 'id-own',
    method: 'GET',
    host: 'h',
    uri: '/',
    status,
    clientIp: '172.30.0.1',
    durationMs: 1,
  };
}
