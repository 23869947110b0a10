/** Runs a service on a registry and a folder that others use too: `DATA_DIR FOLDER REGISTRY_URL`; prints its URL. */
import {once} from 'node:events'
import {mkdir} from 'node:fs/promises'
import {join} from 'node:path'
import {openPostgresRegistry} from '../../../src/server/registry/postgres/open.js'
import {createServerWith} from '../../../src/server/server.js'
import {GivenSettings} from '../../../src/server/settings/sources.js'
import {ANYWHERE} from '../../../src/server/stores/fetch-policy.js'
import {FilesystemStore} from '../../../src/server/stores/filesystem-store.js'
import {HttpStore} from '../../../src/server/stores/http-store.js'
import {toStoreSet} from '../../support/store-set.js'

const [folder = '', registryUrl = '', ...assignments] = process.argv.slice(2)
const say = (line: string) => process.stderr.write(`${line}\n`)

const folders = {images: join(folder, 'images'), staging: join(folder, 'staging')}
for (const path of Object.values(folders)) await mkdir(path, {recursive: true})
const registry = await openPostgresRegistry(registryUrl, {connections: 5, timeout: 5}, {warn: say})
const backends = {
  registry,
  stores: toStoreSet(new FilesystemStore(folders.images)),
  staging: new FilesystemStore(folders.staging),
  remoteStores: [new HttpStore(ANYWHERE)],
  close: () => registry.close(),
}
const settings = {host: '127.0.0.1', port: 0, dataDir: folder, shutdownSeconds: 1, pid: process.pid}
const given = new GivenSettings({assignments, env: {}})
const server = await createServerWith(backends, {...settings, given}, {log: () => {}, warn: say})
process.stdout.write(`${await server.listen()}\n`)
await once(process, 'SIGTERM')
await server.close()
