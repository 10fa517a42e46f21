import type { ProblemCode } from './problems.ts';

/** What to do about each problem; the table in docs/errors.md is held to it. Markdown. */
export const ADVICE: Readonly<Record<ProblemCode, string>> = {
  USAGE: '`meshdev <command> --help`',
  CONFIG_INVALID:
    'the message names the file, line and column, or the flag or variable; see [configuration.md](configuration.md)',
  CONSENT_NEEDED: 'read the changes in the message, then add `--yes`',
  TOOL_MISSING: 'install the program that the message names',
  HOST_NOT_FIT: '`meshdev doctor`; see [doctor.md](doctor.md)',
  ENGINE_NOT_FOUND: '`meshdev engine status`, `meshdev engine start --yes`',
  ENGINE_NOT_FIT: 'the message gives the reason; see [platforms.md](platforms.md)',
  ENGINE_NOT_OURS: 'stop it the way it was started',
  ENGINE_START_FAILED: 'read the log of the engine that the message names',
  ENGINE_CALL_FAILED: '`meshdev engine status`',
  PORT_TAKEN: 'stop the process or container that the message names, or use `--https-port`',
  PORT_NOT_ALLOWED: 'use `--https-port 8443`',
  CACHE_NOT_WRITABLE: 'make the directory writable, or set `XDG_CACHE_HOME`',
  STATE_NOT_PRIVATE: 'run the `chmod` command of the message, or set `XDG_STATE_HOME`',
  CERTIFICATE_UNREADABLE: '`meshdev down`, then `meshdev up`',
  DISK_FULL: 'free the disk space that the message names, or run `meshdev images prune`',
  FILE_NOT_USABLE: 'run `ls -ld` on the path that the message names, then give this user access to it',
  LAB_LOCKED: 'wait for the process that the message names',
  LAB_NOT_UP: '`meshdev up`',
  LAB_STOPPED: '`meshdev start`',
  LAB_PAUSED: '`meshdev resume`',
  LAB_FOREIGN:
    '`meshdev up --name another`; if its state directory is lost, `meshdev down --force`; see [configuration.md](configuration.md#whose-a-lab-is)',
  IMAGE_SOURCE_UNAVAILABLE: '`meshdev up --image-source packages`; see [images.md](images.md)',
  BUNDLE_UNREADABLE: 'the message gives the reason; run `meshdev up --bundle FILE` with a readable file',
  BUNDLE_NOT_WRITABLE: 'write to another path: `meshdev bundle create FILE`',
  BUNDLE_DAMAGED: 'copy the bundle again and compare it with `sha256sum`; meshdev used nothing of it',
  BUNDLE_PLATFORM: 'run `meshdev bundle create FILE` on a machine of the platform that the message names',
  BUNDLE_UNSUPPORTED:
    'run `meshdev bundle create FILE` with this version, or install the version that the message names',
  IMAGE_BUILD_FAILED: 'read the log that the message names, then run `meshdev images build`',
  REGISTRY_UNREACHABLE:
    'run `meshdev up` again; to configure a mirror, a proxy or a CA, see [images.md](images.md#mirrors-proxies-authorities)',
  REGISTRY_AUTH: 'run `docker login` with the host that the message names',
  REGISTRY_LIMIT:
    'run `docker login`, which raises the limit of a public registry; use a mirror, which has its own limit; or wait as long as the message says',
  IMAGE_NOT_FOUND: 'push it to the mirror with the command of the message',
  IMAGE_CHANGED:
    'find out why it changed; if the change is intended, run the `meshdev images lock --update` command of the message',
  IMAGE_CORRUPT: 'run `meshdev up` again; if the error persists, the registry or a proxy changes the content',
  IMAGE_WRONG_PLATFORM: 'use a registry that has it, with `--mirror`',
  IMAGE_NOT_IN_NODE:
    'run `meshdev up`, which loads missing images; check the free space of `/var` in the node',
  SERVICE_IMAGE_MISSING:
    'run `docker pull` or `docker load` for the image that the message names, or configure a mirror; see [services.md](services.md#images)',
  SERVICE_BUILD_FAILED:
    'the message names the line of the Dockerfile and contains the last output of its step; see [services.md](services.md#images)',
  WATCH_FAILED: 'raise the limit that the message names, or run `meshdev up` after each change',
  COMMAND_FAILED: 'the message contains the last output of the program',
  CLUSTER_CALL_FAILED: '`meshdev status`, `meshdev up`',
  ANSWER_UNREADABLE:
    'the message names the request and the first bytes of the response; find out which program answers: `meshdev engine status`, `meshdev status`',
  STEP_FAILED: '`meshdev up` continues',
  SERVICE_CRASHES:
    'read the last lines of the container in the message; correct the service and run `meshdev up` again',
  EXPOSE_REPLACED: 'stop the other `meshdev expose`, then run it again',
  TOKEN_REFUSED: '`meshdev check oidc`',
  TIMED_OUT: 'the message names the last state that meshdev saw',
  INTERRUPTED: '`meshdev up` continues; `meshdev down` removes the lab',
  BUG: 'run it again with `--verbose` and report the output',
};
