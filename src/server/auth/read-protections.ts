/** Reads the file that says who may create, read, update and delete properties of images. */
import {usageError} from '../../lib/model/errors.js'
import {RuleError} from '../policy/parse-rule.js'
import type {Policy} from '../policy/policy.js'
import {PropertyProtections, type ProtectionFormat} from '../policy/property-protections.js'
import {readConfigFile} from '../settings/config-file.js'

/**
 * @param policy with the operations that the file may name
 * @throws Failure `usage` for a file that cannot be read, or is not valid
 */
export async function readProtections(
  path: string,
  format: ProtectionFormat,
  policy: Policy,
): Promise<PropertyProtections> {
  const sections = await readConfigFile(path)
  try {
    const protections = new PropertyProtections(sections, format)
    const unknown = protections.operations.find(name => !policy.has(name))
    if (unknown !== undefined) throw new RuleError(`the policy has no rule '${unknown}'`)
    return protections
  } catch (error) {
    if (!(error instanceof RuleError)) throw error
    throw usageError(`invalid property protections in ${path}`, {
      why: error.message,
      advice:
        'Write a section for each pattern: [^billing_], create = admin, read = @, update = !, delete = !',
    })
  }
}
