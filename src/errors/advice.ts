import type { ProblemCode } from './problems.ts';

/** What to do about each problem; the table in docs/errors.md is held to it. Markdown. */
export const ADVICE: Readonly<Record<ProblemCode, string>> = {
  USAGE: '`meshdev <command> --help`',
  CONFIG_INVALID:
    'the message names file, line and column, or the flag or variable; see [configuration.md](configuration.md)',
  CONSENT_NEEDED: 'read the changes in the message, then add `--yes`',
  TOOL_MISSING: 'install the program named',
  ENGINE_NOT_FOUND: '`meshdev engine status`, `meshdev engine start --yes`',
  ENGINE_NOT_OURS: 'stop it the way it was started',
  ENGINE_START_FAILED: 'the engine’s log is named in the message',
  ENGINE_CALL_FAILED: '`meshdev engine status`',
  PORT_TAKEN: 'stop the holder that is named, or `--https-port`',
  PORT_NOT_ALLOWED: '`--https-port 4443`',
  CACHE_NOT_WRITABLE: 'make it writable, or set `XDG_CACHE_HOME`',
  STATE_NOT_PRIVATE: 'the `chmod` line of the message, or set `XDG_STATE_HOME`',
  CERTIFICATE_UNREADABLE: '`meshdev down`, then `meshdev up`',
  DISK_FULL: 'free the space named, or `meshdev images prune`',
  LAB_LOCKED: 'wait for the process named',
  LAB_NOT_UP: '`meshdev up`',
  LAB_FOREIGN: '`meshdev up --name another`',
  IMAGE_SOURCE_UNAVAILABLE: '`meshdev up --image-source packages`; see [images.md](images.md)',
  IMAGE_BUILD_FAILED: '`tail` the log named, then `meshdev images build`',
  COMMAND_FAILED: 'the message has the program’s own last words',
  CLUSTER_CALL_FAILED: '`meshdev status`, `meshdev up`',
  STEP_FAILED: '`meshdev up` continues',
  TOKEN_REFUSED: '`meshdev check oidc`',
  TIMED_OUT: 'the message says what was last seen',
  INTERRUPTED: '`meshdev up` continues, `meshdev down` removes',
  BUG: 'run it again with `--verbose` and report the output',
};
