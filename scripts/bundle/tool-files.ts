/** Decides which file of the bundled tool a module is put into: what runs together is together. */
import type {ChunkingContext} from 'rolldown'

/** The files by paths; the first match counts. */
const RULES: readonly (readonly [file: string, pattern: RegExp])[] = [
  ['yaml', /node_modules\/yaml\//],
  ['requests', /undici\/lib\/(?!web|llhttp\/llhttp-wasm)|src\/lib\/(api|http)\/(?!errors)/],
  ['tool', /@oclif\/core\/(?!lib\/(help\/(?!util)|ux\/action|config\/[pt]))|fastest-levenshtein/],
  ['rare', /node_modules\//],
  ['tool', /./],
]

/** The store in S3, which few services use. */
const S3 = /server\/stores\/s3\/|node_modules\/(?:@aws-sdk|@aws|@smithy|bowser)\//
/** The registry in PostgreSQL, which few services use. */
const POSTGRES =
  /server\/registry\/postgres\/|node_modules\/(?:pg|pg-[\w-]+|pgpass|postgres-[\w-]+|split2|xtend)\/|kysely\/dist\/esm\/dialect\/postgres\/postgres-(?:dialect|driver)/

/** Notifications through RabbitMQ, which few services send. */
const RABBIT = /server\/notifications\/rabbit\.js|node_modules\/amqplib\//

/** Metrics, which services have on request. */
const METRICS =
  /server\/monitoring\/(?:metrics|monitor-server)\.js|node_modules\/(?:prom-client|tdigest|bintrees)\//

/** Logins at OpenID Connect providers, which few users have. */
const OIDC = /identity\/oidc\/|node_modules\/(?:openid-client|oauth4webapi|jose)\//

/** What runs without a command. */
const START = [
  'complete.js',
  'main.js',
  'lib/cli/help/help-file.js',
  'lib/cli/help/help-layout.js',
  'lib/cli/report.js',
  'lib/cli/unknown-names.js',
  'lib/io/system-io.js',
]

/** Names the file for a module; null keeps it with what imports it, as for programs and threads. */
export type ToFile = (id: string, graph: ChunkingContext) => string | null

/** Follows imports from here: of the modules in `src`, the commands and the service. */
export function groupModules(src: string): ToFile {
  let groups: {alone: Set<string>; base: Set<string>; shared: Set<string>; client: Set<string>} | undefined
  return (id, graph) => {
    groups ??= {
      alone: findReached(graph, [`${src}start.js`], false),
      base: findReached(
        graph,
        START.map(file => src + file),
        false,
      ),
      shared: findShared(graph, `${src}commands.js`),
      client: findReached(graph, [`${src}start.js`], true, `${src}server/`),
    }
    if (groups.alone.has(id) || graph.getModuleInfo(id)?.isEntry) return null
    if (S3.test(id)) return 's3'
    if (POSTGRES.test(id)) return 'postgres'
    if (OIDC.test(id)) return 'oidc'
    if (RABBIT.test(id)) return 'rabbit'
    if (METRICS.test(id)) return 'metrics'
    if (id === `${src}manage.js` || id.startsWith(`${src}programs/`) || !groups.client.has(id))
      return 'service'
    // Completion, help and unknown names load this file alone.
    if (groups.base.has(id)) return 'base'
    if (groups.shared.has(id) && id.startsWith(src)) return 'tool'
    return RULES.find(([, pattern]) => pattern.test(id))?.[0] ?? null
  }
}

/** The modules that all commands together load. */
function findShared(graph: ChunkingContext, commands: string): Set<string> {
  return findReached(
    graph,
    [commands, ...(graph.getModuleInfo(commands)?.dynamicallyImportedIds ?? [])],
    false,
  )
}

/** The modules that these import, directly or not. */
function findReached(
  graph: ChunkingContext,
  from: readonly string[],
  isDynamic: boolean,
  without = '\0',
): Set<string> {
  const found = new Set<string>()
  const next = [...from]
  for (let id = next.pop(); id !== undefined; id = next.pop()) {
    const info = found.has(id) || id.startsWith(without) ? null : graph.getModuleInfo(id)
    if (info === null) continue
    found.add(id)
    next.push(...info.importedIds, ...(isDynamic ? info.dynamicallyImportedIds : []))
  }
  return found
}
