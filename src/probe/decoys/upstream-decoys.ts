import type { ServerControl, UpstreamDecoys } from '../../evidence/bad-certificates.ts';
import type { WireResult } from '../../evidence/wire-result.ts';
import { MeshdevError } from '../../errors/meshdev-error.ts';
import type { Imposed } from './bad-servers.ts';

/** What was answered for one server, and what the verifier itself said of it. */
export interface Answered {
  readonly answer: WireResult;
  readonly record: string | undefined;
}

/** What was answered for each server, beside what that server saw. */
export function upstreamDecoys({
  done: answers,
  servers,
  seen,
}: Imposed<ReadonlyMap<string, Answered>>): UpstreamDecoys {
  const found = (id: string): ServerControl => {
    const answered = answers.get(id);
    if (answered === undefined) throw new MeshdevError('BUG', { message: `decoy ${id} was not requested` });
    return { ...answered, seen: seen.get(id) };
  };
  return {
    control: found('control'),
    probes: servers.flatMap(({ id, case: each, found: reasons }) =>
      each === undefined ? [] : [{ case: each, found: reasons, ...found(id) }],
    ),
  };
}
