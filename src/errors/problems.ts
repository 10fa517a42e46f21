/**
 * The closed catalogue of everything that can go wrong. Each code has one exit code
 * (table in docs/errors.md, walked by a test) and a title that stands alone.
 */
export const EXIT = {
  ok: 0,
  checkFailed: 1,
  usage: 2,
  hostNotFit: 3,
  stepFailed: 4,
  notUp: 5,
  timedOut: 6,
  bug: 70,
  sigint: 130,
  sigpipe: 141,
  sigterm: 143,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Problem {
  readonly exit: ExitCode;
  readonly title: string;
}

export const PROBLEMS = {
  USAGE: { exit: EXIT.usage, title: 'the command line is invalid' },
  CONFIG_INVALID: { exit: EXIT.usage, title: 'a configuration value is invalid' },
  CONSENT_NEEDED: { exit: EXIT.usage, title: 'a change needs consent' },
  TOOL_MISSING: { exit: EXIT.hostNotFit, title: 'a required program is not installed' },
  HOST_NOT_FIT: { exit: EXIT.hostNotFit, title: 'this machine cannot run a lab' },
  ENGINE_NOT_FOUND: { exit: EXIT.hostNotFit, title: 'no container engine answers' },
  ENGINE_NOT_FIT: { exit: EXIT.hostNotFit, title: 'this container engine cannot run a lab' },
  ENGINE_NOT_OURS: { exit: EXIT.hostNotFit, title: 'the container engine was not started by meshdev' },
  ENGINE_START_FAILED: { exit: EXIT.stepFailed, title: 'the container engine did not start' },
  ENGINE_CALL_FAILED: { exit: EXIT.stepFailed, title: 'the container engine refused a request' },
  PORT_TAKEN: { exit: EXIT.hostNotFit, title: 'a port that the edge needs is in use' },
  PORT_NOT_ALLOWED: {
    exit: EXIT.hostNotFit,
    title: 'this user is not permitted to listen on the port of the edge',
  },
  CACHE_NOT_WRITABLE: { exit: EXIT.hostNotFit, title: 'the cache directory is not writable' },
  STATE_NOT_PRIVATE: { exit: EXIT.hostNotFit, title: 'the state directory is not private' },
  CERTIFICATE_UNREADABLE: { exit: EXIT.stepFailed, title: 'a certificate cannot be read' },
  DISK_FULL: { exit: EXIT.hostNotFit, title: 'not enough disk space is free' },
  FILE_NOT_USABLE: { exit: EXIT.hostNotFit, title: 'a file or directory cannot be read or written' },
  LAB_LOCKED: { exit: EXIT.stepFailed, title: 'another meshdev process is working on this lab' },
  LAB_NOT_UP: { exit: EXIT.notUp, title: 'the lab is not up' },
  LAB_STOPPED: { exit: EXIT.notUp, title: 'the lab is stopped' },
  LAB_PAUSED: { exit: EXIT.notUp, title: 'the lab is paused' },
  LAB_FOREIGN: { exit: EXIT.usage, title: 'an object of that name exists and does not belong to this lab' },
  IMAGE_SOURCE_UNAVAILABLE: { exit: EXIT.hostNotFit, title: 'no image source is available on this machine' },
  BUNDLE_UNREADABLE: { exit: EXIT.usage, title: 'the bundle file cannot be read' },
  BUNDLE_NOT_WRITABLE: { exit: EXIT.usage, title: 'the bundle file cannot be written' },
  BUNDLE_DAMAGED: { exit: EXIT.hostNotFit, title: 'the bundle is damaged' },
  BUNDLE_PLATFORM: { exit: EXIT.hostNotFit, title: 'the bundle was created for another platform' },
  BUNDLE_UNSUPPORTED: {
    exit: EXIT.hostNotFit,
    title: 'the bundle was created for another version of meshdev',
  },
  IMAGE_BUILD_FAILED: { exit: EXIT.stepFailed, title: 'an image could not be built' },
  REGISTRY_UNREACHABLE: { exit: EXIT.stepFailed, title: 'a registry or a download server does not answer' },
  REGISTRY_AUTH: { exit: EXIT.hostNotFit, title: 'a registry refused the credentials' },
  REGISTRY_LIMIT: { exit: EXIT.stepFailed, title: 'a registry has reached its pull rate limit' },
  IMAGE_NOT_FOUND: {
    exit: EXIT.stepFailed,
    title: 'an image or a release file does not exist at its address',
  },
  IMAGE_CHANGED: { exit: EXIT.stepFailed, title: 'an image differs from the recorded one' },
  IMAGE_CORRUPT: { exit: EXIT.stepFailed, title: 'downloaded content does not match its digest' },
  IMAGE_WRONG_PLATFORM: { exit: EXIT.hostNotFit, title: 'an image does not exist for this platform' },
  IMAGE_NOT_IN_NODE: { exit: EXIT.stepFailed, title: 'an image was not loaded into the node' },
  SERVICE_IMAGE_MISSING: {
    exit: EXIT.stepFailed,
    title: 'an image that a service needs is not in the engine and could not be pulled',
  },
  SERVICE_BUILD_FAILED: { exit: EXIT.stepFailed, title: 'the image of a service could not be built' },
  WATCH_FAILED: { exit: EXIT.hostNotFit, title: 'the sources of services cannot be watched' },
  COMMAND_FAILED: { exit: EXIT.stepFailed, title: 'a program that meshdev started failed' },
  CLUSTER_CALL_FAILED: { exit: EXIT.stepFailed, title: 'the Kubernetes API refused a request' },
  ANSWER_UNREADABLE: {
    exit: EXIT.stepFailed,
    title: 'the response of another program cannot be parsed',
  },
  STEP_FAILED: { exit: EXIT.stepFailed, title: 'a step failed' },
  EXPOSE_REPLACED: { exit: EXIT.stepFailed, title: 'another process exposes the same service' },
  SERVICE_CRASHES: { exit: EXIT.stepFailed, title: 'the container of a service ends again and again' },
  TOKEN_REFUSED: { exit: EXIT.stepFailed, title: 'the identity provider issued no token' },
  TIMED_OUT: { exit: EXIT.timedOut, title: 'the deadline passed' },
  INTERRUPTED: { exit: EXIT.sigint, title: 'interrupted' },
  BUG: { exit: EXIT.bug, title: 'a bug in meshdev' },
} as const satisfies Record<string, Problem>;

export type ProblemCode = keyof typeof PROBLEMS;
