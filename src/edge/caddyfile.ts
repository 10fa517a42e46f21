import { CREDENTIAL, NAMED_CREDENTIAL, REDACTED } from '../guest/credential-forms.ts';
import type { Lab } from '../topology/lab.ts';
import { type ExposedService, isExposed } from '../topology/service.ts';
import { EDGE_ADMIN_SOCKET, EDGE_FILES } from './edge-files.ts';
import { FOLDED_TARGET, PLAIN_TARGET } from './plain-paths.ts';
import { IDENTITY_PATTERNS, looksLikeIdentity, PASSING_HEADERS } from './identity-headers.ts';

/**
 * The edge's Caddyfile. Every name in it was validated as a DNS label, so nothing needs quoting.
 *
 * - `strict_sni_host`: Istio never compares SNI with Host, so the edge must.
 * - `header_up Host {hostport}`: Caddy would send the upstream's own name to an https upstream.
 * - one static `tls_server_name` per site: with a placeholder a pooled connection keeps the first host's.
 * - `handle_errors` in every site: one alone would silence the error records of the others. It sets the
 *   id again: what the site put on an answer is gone by then, and a 502 without it has no record.
 * - `@pathless`: the gateway ends the whole connection for a request for `*`, and with it the requests of
 *   others that share it.
 * - the lab's own id goes on with `header_up`: a header that `request_header` sets is gone again when the
 *   client names it in `Connection`.
 */
export function renderCaddyfile(lab: Lab): string {
  return [
    globalOptions(lab),
    commonSnippet(lab),
    ...lab.services.filter(isExposed).map((service) => meshSite(lab, service)),
    authSite(lab),
    catchAll(lab),
  ].join('\n');
}

/**
 * A client may put a credential anywhere; whoever may read the log must not get it. Headers are left out, but for the
 * one that `RECORD` takes on: their names have no end. In every other text of a client's making a credential is cut
 * out by its form.
 */
const FILTER = `regexp \`(?i:${NAMED_CREDENTIAL})|${CREDENTIAL}\` "\${1}\${2}${REDACTED}"`;

const FILTERED_FIELDS = [
  'request>uri',
  'request>host',
  'request>method',
  'request>tls>server_name',
  'user_agent',
  'edge_error',
  'error',
] as const;

const LOG_FORMAT = [
  'request>headers delete',
  'resp_headers delete',
  ...FILTERED_FIELDS.map((field) => `${field} ${FILTER}`),
]
  .map((line) => `\t\t\t${line}`)
  .join('\n');

/**
 * What a site says of a request beside Caddy's own fields. Caddy refuses some before any directive of a site is run
 * (`begun` is not set then): those get it from `handle_errors`.
 */
const RECORD = `	vars begun yes
	log_append meshdev_id {http.request.uuid}
	log_append user_agent {http.request.header.User-Agent}`;

const RECORD_OF_ERROR = `		log_append edge_error {err.message}
		@early not vars begun yes
		log_append @early user_agent {http.request.header.User-Agent}`;

/**
 * Storage is not cleaned: it lives as long as the container. The cleaning at the start removes folders that are empty
 * for an instant because a certificate is being written, and that certificate is then tried again after a minute.
 */
function globalOptions(lab: Lab): string {
  return `{
	admin unix/${EDGE_ADMIN_SOCKET}|0600
	persist_config off
	storage file_system /data/caddy
	storage_clean_interval off
	grace_period 3s
	skip_install_trust
	auto_https disable_redirects
	log {
		output stdout
		format filter {
			wrap json
${LOG_FORMAT}
		}
	}
	pki {
		ca edge {
			name "meshdev edge ${lab.name}"
			root {
				cert ${EDGE_FILES.root}
			}
			intermediate {
				cert ${EDGE_FILES.intermediate}
				key ${EDGE_FILES.intermediateKey}
			}
		}
	}
	servers {
		protocols h1 h2
		strict_sni_host on
	}
}
`;
}

/**
 * What changes how a request is read behind the edge without looking like identity: another URL, method or
 * scheme, and Envoy's request id. A `*` stands for any end of the name.
 */
export const STRIPPED_HEADERS = [
  'X-Scheme',
  'X-Url-Scheme',
  'X-Original-*',
  'X-Rewrite-Url',
  'X-Http-Method*',
  'X-Method-Override',
  'X-Request-Id',
] as const;

/** What every site does with a request before it hands it on. */
function commonSnippet({ strictPaths }: Lab): string {
  return `(edge) {
	tls {
		protocols tls1.3
		issuer internal {
			ca edge
		}
		client_auth {
		}
	}
	log
	log_append upstream_latency_ms {http.reverse_proxy.upstream.latency_ms}
	log_append upstream {http.reverse_proxy.upstream.hostport}
${RECORD}
	@pathless not path /*
	error @pathless "no path" 400
${strictPaths ? PATH_RULES : ''}	header >X-Meshdev-Id {http.request.uuid}
	handle_errors {
${RECORD_OF_ERROR}
		header X-Meshdev-Id {http.request.uuid}
		@malformed vars_regexp {err.message} "${MALFORMED_BODY}"
		respond @malformed "400 Bad Request" 400
		respond "{err.status_code} {err.status_text}" {err.status_code}
	}
}
`;
}

/**
 * What Go's server says of a body that breaks its own framing: over HTTP/2 one that is not as long as its
 * Content-Length (RFC 9113 §8.1.1), else chunks that are none (RFC 9112 §7.1). That is the client's fault;
 * Caddy would say 502.
 */
const MALFORMED_BODY =
  'declared a Content-Length of|chunk length|chunked encoding|chunked line|trailer after chunked body|EOF reading trailer';

/** A path with a second spelling is refused before anybody reads it. */
const PATH_RULES = `	@unplain not vars_regexp {http.request.orig_uri} \`(?i)${PLAIN_TARGET}\`
	error @unplain "the path has a second spelling" 400
	@folded vars_regexp {http.request.orig_uri} \`(?i)${FOLDED_TARGET}\`
	error @folded "the path has a second spelling" 400
`;

/**
 * Takes off what looks like identity or controls a component behind the edge. Caddy can delete names by pattern
 * and has no exceptions, so the values of the names that pass are kept aside and put back. `route` keeps the
 * order of the lines.
 */
function headerRules(trusted: readonly string[]): string {
  const kept = [...PASSING_HEADERS, ...trusted.filter(looksLikeIdentity)];
  const lines = [
    ...kept.map((name, at) => `vars kept_${at} {http.request.header.${name}}`),
    ...[...IDENTITY_PATTERNS, ...STRIPPED_HEADERS].map((name) => `request_header -${name}`),
    ...kept.flatMap((name, at) => [
      `@kept_${at} vars_regexp kept_${at} .`,
      `request_header @kept_${at} ${name} {http.vars.kept_${at}}`,
    ]),
  ];
  return `	route {\n${lines.map((line) => `\t\t${line}`).join('\n')}\n\t}`;
}

function meshSite(lab: Lab, { host, trustedHeaders }: ExposedService): string {
  return `${siteAddress(lab, host)} {
	import edge
${headerRules(trustedHeaders)}
	reverse_proxy https://${lab.cluster.node}:${lab.gatewayNodePort} {
		header_up Host {hostport}
		header_up X-Meshdev-Id {http.request.uuid}
		transport http {
			tls_trust_pool file ${EDGE_FILES.upstreamAnchor}
			tls_client_auth ${EDGE_FILES.client} ${EDGE_FILES.clientKey}
			tls_server_name ${host}
			tls_timeout 5s
			dial_timeout 3s
			response_header_timeout 30s
			network_proxy none
		}
	}
}
`;
}

/**
 * The identity provider gets requests that are whole, and small: a client that is slow, or stops in the middle,
 * keeps the edge busy and nobody else. The buffer is larger than any body may be: what fills it is passed on
 * unread. `keepalive` is shorter than the time that the provider gives a connection. Other sites have no such limits: they take large uploads and long streams.
 */
function authSite(lab: Lab): string {
  return `${siteAddress(lab, lab.hosts.auth)} {
	import edge
${headerRules([])}
	request_body {
		max_size 64KiB
	}
	timeouts {
		read_timeout 10s 4096
	}
	reverse_proxy http://${lab.containers.idp}:${lab.idpPort} {
		request_buffers 128KiB
		header_up Host {hostport}
		header_up X-Meshdev-Id {http.request.uuid}
		transport http {
			keepalive 20s
			dial_timeout 3s
			response_header_timeout 30s
			network_proxy none
		}
	}
}
`;
}

/** Whatever names no site: refused as misdirected, never an empty 200. */
function catchAll(lab: Lab): string {
  return `https://:${lab.httpsPort} {
	log
${RECORD}
	respond "421 Misdirected Request" 421
	handle_errors {
${RECORD_OF_ERROR}
		header X-Meshdev-Id {http.request.uuid}
		respond "{err.status_code} {err.status_text}" {err.status_code}
	}
}
`;
}

function siteAddress(lab: Lab, host: string): string {
  return `https://${host}:${lab.httpsPort}`;
}
