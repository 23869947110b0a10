/** Settings of the health check and of the metrics. */
import {bytes, type Setting, type SettingTable, text, textWithDefault, whole, yesNo} from '../setting.js'

/** The port has no default: without one there are no metrics. */
const port: Setting<number | undefined> = {
  ...whole('Port for metrics and detailed health checks; 0 selects a free one', 0, {max: 65_535}),
  default: undefined,
}

/** Health and metrics. */
export const MONITORING = {
  disable_by_file_path: text(
    'File that fails the health check while it exists, so that no more requests are sent here',
  ),
  healthcheck_detailed: yesNo('Give the reasons of a failed health check to everyone', false),
  healthcheck_min_free_space: bytes(
    'Free bytes below which a disk is full for the health check',
    16 * 1024 ** 2,
  ),
  monitoring_bind_host: textWithDefault('Address for metrics and detailed health checks', '127.0.0.1'),
  monitoring_bind_port: port,
} satisfies SettingTable
