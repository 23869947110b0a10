/** Lists the settings in effect and their origins, without secrets. */
import {REDACTED, redactText} from '../../http/redact.js'
import {SETTING_NAMES, type Setting, type SettingName, settingRow, toSnakeCase} from '../setting-table.js'
import type {Settings} from './settings.js'

/** A line of `glance auth-info`. */
export interface ExplainedSetting {
  readonly name: string
  /** Masked when it is a secret. */
  readonly value: string
  readonly from: string
}

/** Settings that are listed in their resolved form instead. */
const RESOLVED_SETTINGS: readonly SettingName[] = [
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

/** Lists every value in effect, in the order of SETTINGS. */
export function explainSettings(settings: Settings): readonly ExplainedSetting[] {
  const {cloud, authType, values, interfaces, endpoint, imageApiVersion, tls} = settings
  const plain = SETTING_NAMES.filter(name => !RESOLVED_SETTINGS.includes(name)).flatMap(name => {
    const setting = values[name]
    return setting
      ? [toExplained(toSnakeCase(name), settingRow(name).secret ? {...setting, value: REDACTED} : setting)]
      : []
  })
  return [
    ...(cloud ? [toExplained('cloud', cloud)] : []),
    toExplained('auth_type', authType),
    ...plain,
    toExplained('interface', {value: interfaces.value.join(', '), from: interfaces.from}),
    ...(endpoint ? [toExplained('endpoint', endpoint)] : []),
    ...(imageApiVersion ? [toExplained('image_api_version', imageApiVersion)] : []),
    ...Object.entries(tls).map(([name, setting]: [string, Setting<string | boolean>]) =>
      toExplained(name, setting),
    ),
  ]
}

function toExplained(name: string, {value, from}: Setting<string | number | boolean>): ExplainedSetting {
  return {name, value: redactText(String(value)), from}
}
