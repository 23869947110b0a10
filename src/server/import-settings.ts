/** Checks at the start that the files and programs which imports need are there. */
import {requireCertificates} from './images/signatures/certificates.js'
import {readSettings} from './settings/setting.js'
import {NOTHING_GIVEN} from './settings/sources.js'
import {SIGNATURES} from './settings/tables/imports.js'

/** @throws Failure `usage` for a setting that names what cannot be used */
export async function requireImportSettings(given = NOTHING_GIVEN): Promise<void> {
  await requireCertificates(readSettings(SIGNATURES, given.in()))
}
