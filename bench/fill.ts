/** Fills a service with images: by SQL if its SQLite file is on this machine, else by requests. */
import Database from 'libsql'

/** The ids that are created by SQL begin with it. */
const PREFIX = '00000000-0000-4000-8000-'
/** Requests at a time, and the images that are created by requests at most. */
const CLIENTS = 16
const MOST_BY_REQUESTS = 500

/** Columns of `images` that both services have; `n` is the number of the image. */
const COMMON = {
  id: 'id',
  name: `'bench-' || n`,
  size: '1048576',
  status: `'active'`,
  deleted: '0',
  disk_format: `'qcow2'`,
  container_format: `'bare'`,
  checksum: `printf('%032x', n)`,
  owner: `'bench'`,
  min_disk: '1',
  min_ram: '512',
  protected: '0',
  visibility: `'public'`,
  os_hidden: '0',
  os_hash_algo: `'sha512'`,
  os_hash_value: `printf('%0128x', n)`,
}

const LOCATION = `'file:///bench/' || id`
const EMBEDDED_TIME = `strftime('%Y-%m-%dT%H:%M:%S.000000', 1700000000 + n, 'unixepoch')`
const GLANCE_TIME = `strftime('%Y-%m-%d %H:%M:%S.000000', 1700000000 + n, 'unixepoch')`
const GLANCE_ROW = {image_id: 'id', created_at: GLANCE_TIME, deleted: '0'}

/** The SQL of values by column, for each row of a table. */
type Rows = readonly (readonly [table: string, columns: Readonly<Record<string, string>>])[]

/** The rows of an image with two properties, a tag and a location. */
const ROWS: Readonly<Record<'embedded' | 'glance', Rows>> = {
  embedded: [
    [
      'images',
      {...COMMON, created_at: EMBEDDED_TIME, updated_at: EMBEDDED_TIME, is_public: '1', location: LOCATION},
    ],
    ['image_properties', {image_id: 'id', name: `'os_distro'`, value: `'debian'`}],
    ['image_properties', {image_id: 'id', name: `'os_version'`, value: `'12'`}],
    ['image_tags', {image_id: 'id', tag: `'bench'`}],
  ],
  glance: [
    ['images', {...COMMON, created_at: GLANCE_TIME, updated_at: GLANCE_TIME}],
    ['image_properties', {...GLANCE_ROW, name: `'os_distro'`, value: `'debian'`}],
    ['image_properties', {...GLANCE_ROW, name: `'os_version'`, value: `'12'`}],
    ['image_tags', {...GLANCE_ROW, value: `'bench'`}],
    ['image_locations', {...GLANCE_ROW, value: LOCATION, meta_data: `'{}'`}],
  ],
}

/** A service to be filled. */
export interface Filled {
  readonly url: string
  readonly kind: keyof typeof ROWS
  readonly database: string | undefined
}

/** Adds images. @returns what was added, and a function that removes it */
export async function fill({url, kind, database}: Filled, count: number) {
  if (database === undefined) {
    const ids = await createImages(url, Math.min(count, MOST_BY_REQUESTS))
    return {
      added: `${ids.length} images by requests`,
      empty: () => forEach(ids, id => fetch(`${url}/v2/images/${id}`, {method: 'DELETE'})),
    }
  }
  runScript(database, [
    `create temp table numbers as with recursive counted(n) as (select 1 union all select n + 1 from counted where n < ${count})
      select n, printf('${PREFIX}%012x', n) as id from counted`,
    ...ROWS[kind].map(([table, columns]) => toInsert(table, columns)),
  ])
  const tables = [...new Set(ROWS[kind].map(([table]) => table))].reverse()
  const toDelete = (table: string) =>
    `delete from ${table} where ${table === 'images' ? 'id' : 'image_id'} like '${PREFIX}%'`
  return {
    added: `${count} images with 2 properties and a tag, by SQL`,
    empty: async () => runScript(database, tables.map(toDelete)),
  }
}

function toInsert(table: string, columns: Readonly<Record<string, string>>): string {
  return `insert into ${table} (${Object.keys(columns)}) select ${Object.values(columns)} from numbers`
}

function runScript(path: string, statements: readonly string[]): void {
  const database = new Database(path)
  database.exec(['pragma busy_timeout = 60000', 'begin', ...statements, 'commit'].join(';'))
  database.close()
}

async function createImages(url: string, count: number): Promise<string[]> {
  const ids: string[] = []
  await forEach(
    Array.from({length: count}, (_, n) => n),
    async n => {
      const body = JSON.stringify({name: `bench-${n}`, disk_format: 'raw', container_format: 'bare'})
      const headers = {'content-type': 'application/json'}
      const response = await fetch(`${url}/v2/images`, {method: 'POST', body, headers})
      ids.push(((await response.json()) as {readonly id: string}).id)
    },
  )
  return ids
}

/** Calls it for every entry, for several at a time. */
async function forEach<Entry>(entries: readonly Entry[], act: (entry: Entry) => Promise<unknown>) {
  const rest = entries.values()
  const work = async () => {
    for (const entry of rest) await act(entry)
  }
  await Promise.all(Array.from({length: CLIENTS}, work))
}
