/** A page of the documentation that `meshdev docs` shows. */
export interface DocsTopic {
  readonly topic: string;
  readonly title: string;
}

/** Every page of docs/, in the order in which somebody new reads them. */
export const DOCS_TOPICS: readonly DocsTopic[] = [
  { topic: 'tutorial', title: 'follow a request through the chain, hop by hop, with commands' },
  { topic: 'glossary', title: 'the terms of meshdev, Istio and Envoy' },
  { topic: 'commands', title: 'every command with its flags' },
  { topic: 'configuration', title: 'meshdev.yaml, environment variables, the owner of a lab' },
  { topic: 'services', title: 'services of your own in meshdev.yaml' },
  { topic: 'own-service', title: 'your own service in the lab, and what is not supported yet' },
  { topic: 'checks', title: 'every check: what it verifies, its impact and a hint' },
  { topic: 'signals', title: 'messages of Envoy, Caddy and TLS, and their meaning' },
  { topic: 'errors', title: 'error codes, exit codes, reason codes' },
  { topic: 'doctor', title: 'what a machine may lack for a lab, and the repair' },
  { topic: 'images', title: 'image sources, mirrors, bundles' },
  { topic: 'edge', title: 'what the edge forwards, removes and answers itself' },
  { topic: 'platforms', title: 'Linux, macOS, WSL2: supported platforms' },
  { topic: 'ci', title: 'continuous integration: formats, caches, the GitHub Action' },
  { topic: 'performance', title: 'measured times and resources of a run' },
  { topic: 'architecture', title: 'the design of the lab and of the program' },
  { topic: 'path-validation', title: 'certificate validation, compared with other libraries' },
  { topic: 'releasing', title: 'how a version is released' },
];
