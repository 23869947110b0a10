/** Decides which file of the bundled tool a module is put into: what runs together is together. */
import type {ChunkingContext} from 'rolldown'

/** The files by paths; the first match counts. */
const RULES: readonly (readonly [file: string, pattern: RegExp])[] = [
  ['yaml', /node_modules\/yaml\//],
  ['requests', /undici\/lib\/(?!web|llhttp\/llhttp-wasm)/],
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

/** Commands that only read lists and records. */
const LISTS = ['index', 'details', 'show', 'image-members', 'member-images']

/** What all commands load besides, also in a dry run. */
const TOOL = ['commands.js', 'lib/cli/parser-errors.js', 'lib/identity/settings/settings.js']

/** What opens the connection to a service, and loads what that needs. */
const CONNECTORS = ['lib/work/connection.js', 'lib/api/open-api.js']

/** Names the file for a module; null keeps it with what imports it, as for programs and threads. */
export type ToFile = (id: string, graph: ChunkingContext) => string | null

/** Follows imports from here: of the modules in `src`, the commands and the service. */
export function groupModules(src: string): ToFile {
  let groups: Groups | undefined
  return (id, graph) => {
    groups ??= findGroups(src, graph)
    const {alone, base, client, ...parts} = groups
    if (alone.has(id) || graph.getModuleInfo(id)?.isEntry) return null
    if (S3.test(id)) return 's3'
    if (POSTGRES.test(id)) return 'postgres'
    if (OIDC.test(id)) return 'oidc'
    if (RABBIT.test(id)) return 'rabbit'
    if (METRICS.test(id)) return 'metrics'
    if (id === `${src}manage.js` || id.startsWith(`${src}programs/`) || !client.has(id)) return 'service'
    // Completion, help and unknown names load this file alone.
    if (base.has(id)) return 'base'
    if (id.startsWith(src)) return choosePart(id, parts)
    return RULES.find(([, pattern]) => pattern.test(id))?.[0] ?? null
  }
}

/** What is in several parts is in a file that all commands load. */
function choosePart(id: string, parts: Record<string, Set<string>>): string {
  const [name, another] = Object.keys(parts).filter(part => parts[part]?.has(id))
  if (name !== undefined) return another === undefined ? name : 'tool'
  // What is imported when it is used: the formats of output, and what uploads and downloads need.
  return id.includes('/lib/work/output/') ? 'lists' : 'changes'
}

/** Sets of modules. */
interface Groups {
  /** The entry. */
  readonly alone: Set<string>
  readonly base: Set<string>
  /** Everything without the service. */
  readonly client: Set<string>
  readonly tool: Set<string>
  readonly lists: Set<string>
  readonly changes: Set<string>
  readonly requests: Set<string>
}

function findGroups(src: string, graph: ChunkingContext): Groups {
  const reach = (files: readonly string[]) => findReached(graph, files, false)
  const findImported = (file: string) => graph.getModuleInfo(src + file)?.dynamicallyImportedIds ?? []
  const lists = LISTS.map(name => `${src}commands/${name}.js`)
  return {
    alone: reach([`${src}start.js`]),
    base: reach(START.map(file => src + file)),
    client: findReached(graph, [`${src}start.js`], true, `${src}server/`),
    tool: reach(TOOL.map(file => src + file)),
    lists: reach(lists),
    changes: reach(findImported('commands.js').filter(id => !lists.includes(id))),
    requests: reach(CONNECTORS.flatMap(findImported)),
  }
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
