/** The services that both API versions share, constructed from the backends and the settings. */
import {randomUUID} from 'node:crypto'
import {join} from 'node:path'
import {describeError} from './api/v1/errors.js'
import {TASK_MESSAGES} from './api/v2/imports.js'
import type {Backends} from './backends.js'
import type {ServerSettings} from './config.js'
import {WORK_FOLDER} from './data-dir.js'
import {Access} from './images/access.js'
import {createInspector} from './images/content.js'
import {ImageData} from './images/data.js'
import {Images} from './images/images.js'
import {Quotas, toLimits} from './images/quotas.js'
import {RemoteData} from './images/remote-data.js'
import {createVerifier} from './images/signatures/signatures.js'
import {UnusedData} from './images/unused-data.js'
import {Uploads} from './images/uploads.js'
import {PendingCleanups} from './jobs/cleanups.js'
import {CopyJobs} from './jobs/copies.js'
import {createQueue, type JobRunners} from './jobs/create-queue.js'
import {ImportJobs} from './jobs/imports.js'
import {LocationJobs} from './jobs/location-imports.js'
import {ImportPlugins} from './jobs/plugins/plugins.js'
import {toDelay} from './jobs/scrubber.js'
import {Metadefs} from './metadefs/metadefs.js'
import type {Notifications} from './notifications/open-notifications.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {QUOTAS} from './settings/tables/callers.js'
import {SCRUBBER} from './settings/tables/registry.js'

/** What the routes, the jobs and the recovery use. */
export type Services = ReturnType<typeof createServices>

/** Creates the services that both API versions share. */
export function createServices(
  {registry, stores, staging, remoteStores, noteDownload}: Backends & Pick<Notifications, 'noteDownload'>,
  {dataDir, checkContent = false, given = NOTHING_GIVEN}: ServerSettings,
  warn: (line: string) => void,
) {
  const holder = randomUUID()
  const report = (error: unknown) => warn(`cannot take jobs, will try again: ${describeError(error)}`)
  const queue = createQueue({registry, holder, report}, () => runners)
  const remote = new RemoteData(remoteStores)
  const common = {registry, holder, describe: describeError, warn, noteDownload}
  const written = [...new Set([...stores.writable.map(({store}) => store), staging])]
  const unused = new UnusedData({...common, stores: written})
  const cleanups = new PendingCleanups()
  const quotas = new Quotas(registry, toLimits(readSettings(QUOTAS, given.in())))
  const verify = createVerifier(given.in())
  const uploads = new Uploads({...common, unused, cleanups, quotas, verify})
  const inspect = createInspector(stores, checkContent)
  const copies = new CopyJobs({...common, unused, cleanups, stores, uploads, remote, inspect})
  const parts = {
    ...common,
    access: new Access(registry),
    queue,
    stores,
    staging,
    remote,
    uploads,
    unused,
    quotas,
    cleanups,
    stopping: new AbortController(),
    ...toDelay(readSettings(SCRUBBER, given.in())),
    inspect,
  }
  const data = new ImageData(parts)
  const plugins = new ImportPlugins({...parts, find: given.in(), folder: join(dataDir, WORK_FOLDER)})
  const images = new Images(parts)
  const imports = new ImportJobs({
    ...parts,
    plugins,
    openData: image => data.open(image),
    messages: TASK_MESSAGES,
  })
  const locations = new LocationJobs({...parts, images, messages: TASK_MESSAGES})
  const runners: JobRunners = {
    runTask: task => (task.type === 'location_import' ? locations : imports).run(task),
    runCopy: image => copies.run(image),
  }
  return {...parts, data, images, imports, locations, metadefs: new Metadefs(registry.metadefs)}
}
