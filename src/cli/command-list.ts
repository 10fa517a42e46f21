import type { Command } from 'commander';
import type { Act } from './act.ts';

/** One command as the overview names it; what it takes and does is loaded when it is asked for. */
export interface CommandEntry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Promise<(act: Act, program: () => Command) => Command>;
}

/** Every command, in the order of the overview. A summary fits into one line of it. */
export const COMMANDS: readonly CommandEntry[] = [
  {
    name: 'up',
    summary: 'create or repair the lab, then verify its trust chain',
    load: async () => (await import('./commands/up.ts')).upCommand,
  },
  {
    name: 'check',
    summary: 'verify the trust chain of a running lab, hop by hop, on the wire',
    load: async () => (await import('./commands/check.ts')).checkCommand,
  },
  {
    name: 'explain',
    summary: 'explain a check id, a code or a message of Envoy or Caddy; offline',
    load: async () => (await import('./commands/explain.ts')).explainCommand,
  },
  {
    name: 'status',
    summary: 'compare the lab with its plan; sends no requests',
    load: async () => (await import('./commands/status.ts')).statusCommand,
  },
  {
    name: 'list',
    summary: 'list the labs of this machine: state, ports, disk, age',
    load: async () => (await import('./commands/list.ts')).listCommand,
  },
  {
    name: 'doctor',
    summary: 'find what this machine lacks for a lab, with the repair',
    load: async () => (await import('./commands/doctor.ts')).doctorCommand,
  },
  {
    name: 'down',
    summary: 'remove the lab, complete or not; keeps caches and engine',
    load: async () => (await import('./commands/down.ts')).downCommand,
  },
  {
    name: 'stop',
    summary: 'stop the containers of the lab; keeps all of its state',
    load: async () => (await import('./commands/stop.ts')).stopCommand,
  },
  {
    name: 'start',
    summary: 'start a lab that is stopped, then verify its trust chain',
    load: async () => (await import('./commands/start.ts')).startCommand,
  },
  {
    name: 'restart',
    summary: 'stop the lab and start it',
    load: async () => (await import('./commands/restart.ts')).restartCommand,
  },
  {
    name: 'pause',
    summary: 'freeze the containers of the lab',
    load: async () => (await import('./commands/pause.ts')).pauseCommand,
  },
  {
    name: 'resume',
    summary: 'let a paused lab go on, and send a request through it',
    load: async () => (await import('./commands/resume.ts')).resumeCommand,
  },
  {
    name: 'token',
    summary: 'print an access token of a sample user, without a browser',
    load: async () => (await import('./commands/token.ts')).tokenCommand,
  },
  {
    name: 'env',
    summary: 'print variables for shells and tools: eval "$(meshdev env)"',
    load: async () => (await import('./commands/env.ts')).envCommand,
  },
  {
    name: 'kubectl',
    summary: 'run kubectl in the lab: meshdev kubectl get pods -A',
    load: async () => (await import('./commands/kubectl.ts')).kubectlCommand,
  },
  {
    name: 'expose',
    summary: 'put a process of this machine behind the edge, until Ctrl-C',
    load: async () => (await import('./commands/expose.ts')).exposeCommand,
  },
  {
    name: 'init',
    summary: 'write a meshdev.yaml: from answers, flags or a compose file',
    load: async () => (await import('./commands/init.ts')).initCommand,
  },
  {
    name: 'config',
    summary: 'validate and show meshdev.yaml, and its schema for editors',
    load: async () => (await import('./commands/config.ts')).configCommand,
  },
  {
    name: 'images',
    summary: 'manage images and tools of the lab, and their cache',
    load: async () => (await import('./commands/images.ts')).imagesCommand,
  },
  {
    name: 'bundle',
    summary: 'manage a file with all images and tools of a lab',
    load: async () => (await import('./commands/bundle.ts')).bundleCommand,
  },
  {
    name: 'engine',
    summary: 'manage the container engine of this machine',
    load: async () => (await import('./commands/engine.ts')).engineCommand,
  },
  {
    name: 'docs',
    summary: 'print pages of the documentation; offline',
    load: async () => (await import('./commands/docs.ts')).docsCommand,
  },
  {
    name: 'version',
    summary: 'print the versions of meshdev and its components',
    load: async () => (await import('./commands/version.ts')).versionCommand,
  },
  {
    name: 'completion',
    summary: 'print a completion script: source <(meshdev completion bash)',
    load: async () => (await import('./commands/completion.ts')).completionCommand,
  },
];
