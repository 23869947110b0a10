/** Lists of 100,000 images in PostgreSQL: their plans walk indexes, and the last page costs as much as the first. */
import assert from 'node:assert/strict'
import {type CompiledQuery, Kysely} from 'kysely'
import {Connections} from '../../src/server/registry/postgres/connections.js'
import {HintlessDialect} from '../../src/server/registry/postgres/dialect.js'
import {PostgresRegistry} from '../../src/server/registry/postgres/postgres-registry.js'
import type {ImageQuery} from '../../src/server/registry/registry.js'
import type {Tables} from '../../src/server/registry/sql/tables.js'
import {describePostgres, LIMITS, openTestRegistry, useDatabase} from './postgres.js'

const IMAGES = 100_000

/** There are 20,000 newer ones whose deletion is delayed. Three are protected, hidden, and community images. Each tenth image is private to one of 100 projects, each thousandth has the property `rare`, all have `common`, a tenth each value of `tenth`. */
const FILL = `
  insert into images (id, name, status, is_public, protected, disk_format, container_format, size, owner, min_disk, min_ram,
    created_at, updated_at, deleted, visibility)
  select to_char(n, 'FM000000'), 'name ' || n % 5000, 'active', (n % 10 <> 0)::int, 0, 'raw', 'bare', n, 'p' || n % 100, 0, 0,
    to_char(timestamp '2026-01-01' + n * interval '1 minute', 'YYYY-MM-DD"T"HH24:MI:SS.US'), '2026-06-01T00:00:00.000000', 0,
    case when n % 10 = 0 then 'private' else 'public' end
  from generate_series(1, ${IMAGES}) as n;
  insert into images (id, name, status, is_public, protected, disk_format, container_format, size, owner, min_disk, min_ram,
    created_at, updated_at, deleted, visibility, pending_since)
  select 'deleted ' || n, 'name ' || n % 5000, 'pending_delete', 1, 0, 'raw', 'bare', n, 'p' || n % 100, 0, 0, '2027-01-01T00:00:00.000000',
    '2027-01-01T00:00:00.000000', 1, 'public', n
  from generate_series(1, 20000) as n;
  insert into image_properties (image_id, name, value)
  select to_char(n, 'FM000000'), 'common', 'x' from generate_series(1, ${IMAGES}) as n;
  insert into image_properties (image_id, name, value)
  select to_char(n, 'FM000000'), 'tenth', 't' || n % 10 from generate_series(1, ${IMAGES}) as n;
  insert into image_tags (image_id, tag) select to_char(n, 'FM000000'), 'all' from generate_series(1, ${IMAGES}) as n;
  insert into image_properties (image_id, name, value)
  select to_char(n, 'FM000000'), 'rare', 'r' || n % 7000 from generate_series(1, ${IMAGES}, 1000) as n;
  update images set protected = 1 where id in ('000100', '050000', '090000');
  update images set os_hidden = 1 where id in ('000101', '050001', '090001');
  update images set visibility = 'community' where id in ('000102', '050002', '090002');
  analyze`

const newest = {sortKey: 'created_at', sortDir: 'desc', limit: 25} as const
const oldest = {...newest, sortDir: 'asc'} as const
const created = {column: 'created_at'} as const
const byName = {sortKey: 'name', sortDir: 'asc', limit: 25} as const
const byContainer = {sortKey: 'container_format', sortDir: 'asc', limit: 25} as const
const viewer = {project: 'p7', memberStatus: 'accepted'} as const
const ties = [
  {key: 'created_at', dir: 'desc'},
  {key: 'id', dir: 'desc'},
] as const

/** Markers near the end of a list. */
const LAST = '000030'
const LAST_BY_NAME = '054999'

const PAGES: readonly (readonly [string, ImageQuery, lastMarker?: string])[] = [
  ['all', newest, LAST],
  ['public ones', {...newest, isPublic: true}, LAST],
  ['those of API v2', {...newest, hidden: false, communityOf: null, viewer}, LAST],
  ['by name', byName, LAST_BY_NAME],
  ['by name, then newest', {...byName, viewer, thenBy: ties}, LAST_BY_NAME],
  ['by size', {...newest, sortKey: 'size'}, LAST],
  ['of one name', {...newest, name: 'name 17'}],
  ['of one name, by container format', {...byContainer, name: 'name 17'}],
  ['of two names', {...newest, oneOf: {name: ['name 17', 'name 18']}}],
  ['of an owner', {...newest, owner: 'p7'}],
  ['with a common property', {...newest, properties: {common: 'x'}}, LAST],
  ['with a rare property', {...newest, properties: {rare: 'r1'}}],
  ['with a rare property, by container format', {...byContainer, properties: {rare: 'r1'}}, '099970'],
  ['with a property of a tenth', {...newest, properties: {tenth: 't3'}}, LAST],
  ['protected ones', {...newest, hidden: false, protected: true}],
  ['protected ones by name', {...byName, protected: true}],
  ['hidden ones', {...newest, hidden: true, viewer}],
  ['community ones', {...newest, hidden: false, visibility: 'community', viewer}],
  ['the first ones', {...newest, times: [{...created, comparison: 'until', time: '2026-01-01T00:03'}]}],
  [
    'the last ones, oldest first',
    {...oldest, times: [{...created, comparison: 'since', time: '2026-03-11T10:38'}]},
  ],
  ['none that is newer', {...newest, times: [{...created, comparison: 'after', time: '2026-03-11T10:40'}]}],
  ['with a tag that none has', {...newest, tags: ['none']}],
  ['with a property that none has', {...newest, properties: {rare: 'none'}}],
]

interface PlanNode {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Rows Removed by Filter'?: number
  readonly Plans?: readonly PlanNode[]
}

describePostgres('lists of 100,000 images in PostgreSQL', () => {
  const database = useDatabase()
  const seen: CompiledQuery[] = []
  let registry: PostgresRegistry
  let db: Kysely<Tables>
  before(async () => {
    await (await openTestRegistry(database.url)).close()
    for (const statement of FILL.split(';')) await database.run(statement)
    const dialect = new HintlessDialect(new Connections({connectionString: database.url}, LIMITS, () => {}))
    db = new Kysely<Tables>({dialect, log: ({query}) => void seen.push(query)})
    registry = new PostgresRegistry(db, {connectionString: database.url})
  })
  after(() => registry?.close())

  /** The plans of the statements that read a page. */
  async function explain(query: ImageQuery): Promise<readonly PlanNode[]> {
    seen.length = 0
    assert.notEqual(await registry.list(query), 'unknown marker')
    const plans: PlanNode[] = []
    for (const {sql, parameters} of seen.filter(({sql: text}) => /^(select|with)/.test(text))) {
      const statement = {sql: `explain (analyze, format json) ${sql}`, parameters}
      const {rows} = await db.executeQuery({...seen[0], ...statement} as CompiledQuery<
        Record<string, unknown>
      >)
      const [{Plan: plan}] = rows[0]!['QUERY PLAN'] as [{Plan: PlanNode}]
      plans.push(plan)
    }
    return plans
  }

  for (const [what, query, marker] of PAGES) {
    it(`walk indexes: ${what}`, async () => {
      const first = (await explain(query)).flatMap(flatten)
      assert.deepEqual(first.filter(isScanOfAll).map(toText), [])
      assert.ok(countRead(first) < 500, `${countRead(first)} rows`)
      if (marker === undefined) return
      const last = (await explain({...query, marker})).flatMap(flatten)
      assert.deepEqual(last.filter(isScanOfAll).map(toText), [])
      assert.ok(countRead(last) <= countRead(first) + 5, `${countRead(last)} rows after ${countRead(first)}`)
    })
  }
})

function flatten(node: PlanNode): readonly PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flatten)]
}

function isScanOfAll(node: PlanNode): boolean {
  return node['Node Type'] === 'Seq Scan' && /^image(s|_properties|_tags)$/.test(node['Relation Name'] ?? '')
}

function toText(node: PlanNode): string {
  return `${node['Node Type']} on ${node['Relation Name']}`
}

/** Rows that the scans of a plan read. */
function countRead(nodes: readonly PlanNode[]): number {
  const scans = nodes.filter(node => /Scan/.test(node['Node Type']))
  return scans
    .map(node => (node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0)) * node['Actual Loops'])
    .reduce((sum, rows) => sum + rows, 0)
}
