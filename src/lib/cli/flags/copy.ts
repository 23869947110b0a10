/** Flags of `copy`, and the connection to the service that gets the copy. */
import * as Flags from '@oclif/core/flags'
import type {Setting} from '../../identity/setting-table.js'
import {usageError} from '../../model/errors.js'
import {type ConnectionOptions, commonGroup, connectionFlags} from './connection.js'
import {type FlagContext, flagGroup, type ParsedFlags, withDescription} from './group.js'
import {progressGroup} from './progress.js'
import {addGroup} from './upload.js'

/** The service that gets the copy. */
export interface TargetChoice {
  /** A cloud of clouds.yaml. */
  readonly cloud: string | undefined
  readonly region: string | undefined
  readonly url: string | undefined
}

/** Flags of `copy`. */
export const copyGroup = flagGroup({
  flags: {
    verbose: connectionFlags.verbose,
    from: Flags.string({helpValue: 'CLOUD', description: 'Cloud of the image; the same as --os-cloud'}),
    to: Flags.string({helpValue: 'CLOUD', description: 'Cloud to copy to; the same as the argument CLOUD:'}),
    'to-region': Flags.string({
      helpValue: 'REGION',
      description: 'Region to copy to; without --to, in the same cloud and with the same login',
    }),
    'to-url': Flags.string({
      helpValue: 'URL',
      description: 'URL of the service to copy to; without --to, there is no login',
    }),
    'if-absent': withDescription(
      addGroup.flags['if-absent'],
      'If the target has an image with the same data, print its ID instead of copying',
    ),
    'keep-id': Flags.boolean({description: 'Give the copy the ID of the image'}),
    ...progressGroup.flags,
  },
  async read(parsed, context) {
    const {display, io} = context
    const note = (text: string) => display.note(text)
    return {
      verbose: parsed.verbose,
      ifAbsent: parsed['if-absent'],
      keepId: parsed['keep-id'],
      progress: await progressGroup.read(parsed, context),
      notes: display,
      signal: io.interrupted,
      onForcedExit: (line: string | undefined) => display.onForcedExit(line),
      upload: {onStep: note, onNote: note, onWarning: (text: string) => display.warning(text)},
    }
  },
})

type CopyFlags = ParsedFlags<typeof commonGroup.flags> & ParsedFlags<typeof copyGroup.flags>

/** The flags with the cloud of `--from`. @throws Failure of kind `usage` if `--os-cloud` names another one */
export function withSourceCloud<F extends CopyFlags>(flags: F): F {
  const {from, 'os-cloud': cloud} = flags
  if (from === undefined) return flags
  if (cloud === undefined || cloud === from) return {...flags, 'os-cloud': from}
  throw usageError('--from and --os-cloud name different clouds', {why: 'both are the cloud of the image'})
}

/**
 * The target that the flags and the arguments name.
 * @param cloud of the argument `CLOUD:`
 * @throws Failure of kind `usage` if they name none, or a region without a cloud
 */
export function chooseTarget(flags: CopyFlags, cloud: string | undefined): TargetChoice {
  const {to, 'to-region': region, 'to-url': url} = flags
  const choice = {cloud: cloud ?? to, region, url}
  if ((choice.cloud ?? region ?? url) === undefined) {
    throw usageError('Please specify the cloud to copy to', {
      why: 'neither CLOUD: nor --to, --to-region or --to-url is given',
      advice: 'Example: glance copy ubuntu-24.04 prod:',
    })
  }
  if (choice.cloud === undefined && region !== undefined && url !== undefined)
    throw usageError('--to-region with --to-url requires --to', {
      why: 'without a login, there are no regions',
    })
  return choice
}

/**
 * The connection to the target. The flags and the environment describe the source: a target in another cloud takes no
 * setting from them, a URL without a cloud only those for verifying its certificate.
 */
export function readTargetConnection(
  flags: CopyFlags,
  {cloud, region, url}: TargetChoice,
  context: FlagContext,
): ConnectionOptions {
  const source = commonGroup.read(flags, context)
  const address = {url: toSetting('--to-url', url), 'os-region-name': toSetting('--to-region', region)}
  if (cloud === undefined && url === undefined)
    return {...source, settingFlags: async () => ({...(await source.settingFlags()), ...address})}
  const {env} = context.io
  const isEnvironment = cloud === 'envvars' || (cloud !== undefined && cloud === env['OS_CLOUD_NAME'])
  const {insecure, 'os-cacert': cacert} = flags
  const tls = cloud === undefined ? {insecure, 'os-cacert': cacert} : {}
  return {
    ...source,
    cloudToAskFor: cloud,
    settingFlags: async () => ({...tls, ...address, 'os-cloud': cloud}),
    readVariables: async () => {
      if (isEnvironment) return env
      const {omitSettingVariables} = await import('../../identity/settings/layers.js')
      return omitSettingVariables(env, cloud === undefined ? ['cacert', 'insecure'] : [])
    },
  }
}

const toSetting = (from: string, value: string | undefined): Setting | undefined =>
  value === undefined ? undefined : {value, from}
