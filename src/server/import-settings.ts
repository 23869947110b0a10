/** Checks at the start that the files and programs which imports need are there. */
import {usageError} from '../lib/model/errors.js'
import {isOwnName} from './images/rules.js'
import {requireCertificates} from './images/signatures/certificates.js'
import {parseProperties} from './jobs/plugins/plugins.js'
import {requireQemuImg} from './jobs/plugins/qemu-img.js'
import {COLUMNS} from './registry/columns.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {IMPORT_PLUGINS, INJECTION, SIGNATURES} from './settings/tables/imports.js'

/** @throws Failure `usage` for a setting that names what cannot be used */
export async function requireImportSettings(given = NOTHING_GIVEN): Promise<void> {
  const find = given.in()
  await requireCertificates(readSettings(SIGNATURES, find))
  const {image_import_plugins: plugins} = readSettings(IMPORT_PLUGINS, find)
  if (plugins.includes('image_conversion')) await requireQemuImg()
  const {inject} = readSettings(INJECTION, find)
  const taken = Object.keys(parseProperties(inject)).find(isTaken)
  if (taken !== undefined)
    throw usageError(`cannot inject the property ${taken}`, {why: 'its name is that of an attribute'})
}

function isTaken(name: string): boolean {
  return isOwnName(name) || Object.hasOwn(COLUMNS, name) || ['tags', 'location', 'deleted'].includes(name)
}
