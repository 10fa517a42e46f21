/** Keys of a compose service that have no meaning in a lab, and what says the same here. */
export const REFUSED: Readonly<Record<string, string>> = {
  cap_add: 'pods of a lab have no added capabilities',
  configs: 'mount a file of the project under volumes',
  container_name: 'the id of the service is its name',
  devices: 'pods of a lab have no devices',
  dns: 'names are resolved by the cluster',
  entrypoint: 'write the whole program under command, or into the image',
  extends: 'write the service out',
  external_links: 'services reach each other by id',
  extra_hosts: 'names are resolved by the cluster',
  healthcheck: 'commands are not run as probes: needs health with a path, or { grpc: true }',
  hostname: 'the id of the service is its name',
  ipc: 'pods of a lab share nothing with the node',
  labels: 'meshdev sets the labels of its objects',
  links: 'services reach each other by id',
  logging: 'logs are read with kubectl',
  network_mode: 'every pod has a network of its own in the mesh',
  networks: 'policies separate services: see allow',
  pid: 'pods of a lab share nothing with the node',
  privileged: 'pods of a lab have no privileges',
  profiles: 'every service of the file is part of the lab',
  security_opt: 'meshdev sets the security context',
  sysctls: 'pods of a lab have no settings of the kernel',
  ulimits: 'needs resources',
  user: 'pods run as the user of the image, who cannot be root',
  volumes_from: 'pods share no volumes',
};

/** Keys of the whole file. */
export const REFUSED_IN_FILE: Readonly<Record<string, string>> = {
  configs: 'mount a file of the project under volumes',
  include: 'only one file is imported',
  networks: 'policies separate services: see allow',
};
