/** Tells which settings are in force and where they come from, without their secrets. */
import {HIDDEN, redactText} from '../http/redact.js'
import {rowOf, SETTING_NAMES, type Setting, type SettingName, wordOf} from './setting-table.js'
import type {Settings} from './settings.js'

export interface Explained {
  readonly name: string
  /** Masked when it is a secret. */
  readonly value: string
  readonly from: string
}

/** Settings whose resolved form is shown instead. */
const RESOLVED: readonly SettingName[] = [
  'authType',
  'authStrategy',
  'interface',
  'imageApiVersion',
  'endpoint',
  'endpointOverride',
  'cacert',
  'cert',
  'key',
  'insecure',
  'verify',
]

/** Every value in force, in the order of SETTINGS. */
export function explain(settings: Settings): readonly Explained[] {
  const {cloud, authType, values, interfaces, endpoint, imageApiVersion, tls} = settings
  const plain = SETTING_NAMES.filter(name => !RESOLVED.includes(name)).flatMap(name => {
    const setting = values[name]
    return setting ? [line(wordOf(name), rowOf(name).secret ? {...setting, value: HIDDEN} : setting)] : []
  })
  return [
    ...(cloud ? [line('cloud', cloud)] : []),
    line('auth_type', authType),
    ...plain,
    line('interface', {value: interfaces.value.join(', '), from: interfaces.from}),
    ...(endpoint ? [line('endpoint', endpoint)] : []),
    ...(imageApiVersion ? [line('image_api_version', imageApiVersion)] : []),
    ...Object.entries(tls).map(([name, setting]: [string, Setting<string | boolean>]) => line(name, setting)),
  ]
}

function line(name: string, {value, from}: Setting<string | number | boolean>): Explained {
  return {name, value: redactText(String(value)), from}
}
