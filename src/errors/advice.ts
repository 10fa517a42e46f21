import type { ProblemCode } from './problems.ts';

/** What to do about each problem; the table in docs/errors.md is held to it. Markdown. */
export const ADVICE: Readonly<Record<ProblemCode, string>> = {
  USAGE: '`meshdev <command> --help`',
  CONFIG_INVALID:
    'the message names file, line and column, or the flag or variable; see [configuration.md](configuration.md)',
  CONSENT_NEEDED: 'read the changes in the message, then add `--yes`',
  TOOL_MISSING: 'install the program named',
  ENGINE_NOT_FOUND: '`meshdev engine status`, `meshdev engine start --yes`',
  ENGINE_NOT_FIT: 'the message has the reason; see [platforms.md](platforms.md)',
  ENGINE_NOT_OURS: 'stop it the way it was started',
  ENGINE_START_FAILED: 'the engine’s log is named in the message',
  ENGINE_CALL_FAILED: '`meshdev engine status`',
  PORT_TAKEN: 'stop the holder that is named, or `--https-port`',
  PORT_NOT_ALLOWED: '`--https-port 4443`',
  CACHE_NOT_WRITABLE: 'make it writable, or set `XDG_CACHE_HOME`',
  STATE_NOT_PRIVATE: 'the `chmod` line of the message, or set `XDG_STATE_HOME`',
  CERTIFICATE_UNREADABLE: '`meshdev down`, then `meshdev up`',
  DISK_FULL: 'free the space named, or `meshdev images prune`',
  FILE_NOT_USABLE: '`ls -ld` the path named, then give this user the right to it',
  LAB_LOCKED: 'wait for the process named',
  LAB_NOT_UP: '`meshdev up`',
  LAB_FOREIGN:
    '`meshdev up --name another`; where its state directory is lost, `meshdev down --force`; see [configuration.md](configuration.md#whose-a-lab-is)',
  IMAGE_SOURCE_UNAVAILABLE: '`meshdev up --image-source packages`; see [images.md](images.md)',
  BUNDLE_UNREADABLE: 'the message has the reason; name the file again with `meshdev up --bundle FILE`',
  BUNDLE_NOT_WRITABLE: 'name another place: `meshdev bundle create FILE`',
  BUNDLE_DAMAGED: 'copy it again and compare with `sha256sum`; nothing of it was used',
  BUNDLE_PLATFORM: '`meshdev bundle create FILE` on a machine of the platform named',
  BUNDLE_UNSUPPORTED: '`meshdev bundle create FILE` with this version, or install the version named',
  IMAGE_BUILD_FAILED: '`tail` the log named, then `meshdev images build`',
  REGISTRY_UNREACHABLE:
    '`meshdev up` again; a mirror, a proxy or an authority is named as in [images.md](images.md#mirrors-proxies-authorities)',
  REGISTRY_AUTH: '`docker login` with the host named',
  REGISTRY_LIMIT:
    '`docker login` raises the limit of a public registry; a mirror counts for itself; or wait as long as it says',
  IMAGE_NOT_FOUND: 'put it into the mirror with the command named',
  IMAGE_CHANGED: 'ask why; if it is meant, the `meshdev images lock --update` that is printed',
  IMAGE_CORRUPT: '`meshdev up` again; if it stays, the registry or a proxy spoils it',
  IMAGE_WRONG_PLATFORM: 'a registry that has it, with `--mirror`',
  IMAGE_NOT_IN_NODE: '`meshdev up` sends what is missing; a full disk shows in the node’s `/var`',
  COMMAND_FAILED: 'the message has the program’s own last words',
  CLUSTER_CALL_FAILED: '`meshdev status`, `meshdev up`',
  ANSWER_UNREADABLE:
    'the message has what was asked and how the answer begins; ask what answers there: `meshdev engine status`, `meshdev status`',
  STEP_FAILED: '`meshdev up` continues',
  TOKEN_REFUSED: '`meshdev check oidc`',
  TIMED_OUT: 'the message says what was last seen',
  INTERRUPTED: '`meshdev up` continues, `meshdev down` removes',
  BUG: 'run it again with `--verbose` and report the output',
};
