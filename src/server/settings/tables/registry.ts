/** Settings of the registry, and of the processes that share it. */
import {type SettingTable, seconds, secretUrl, whole, yesNo} from '../setting.js'

/** The database of the registry. */
export const REGISTRY = {
  sql_connection: secretUrl('URL of the registry: sqlite:FILE or postgres://USER:PASSWORD@HOST/DATABASE'),
  sql_timeout: seconds('Seconds to wait for the database', 5),
  sql_pool_size: whole('Largest number of connections', 10, {min: 1}),
} satisfies SettingTable

/** Processes that share a registry. */
export const PROCESSES = {
  process_heartbeat: seconds('Seconds between the heartbeats of a process', 5),
  process_timeout: seconds('Seconds without a heartbeat after which a process is dead', 30, {min: 2}),
} satisfies SettingTable

/** When data of deleted images is deleted. */
export const SCRUBBER = {
  delayed_delete: yesNo('Keep the data of deleted images for scrub_time', false),
  scrub_time: whole('Seconds for which the data of deleted images is kept', 0),
} satisfies SettingTable
