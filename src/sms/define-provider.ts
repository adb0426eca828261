// A registry entry of the usual kind: the settings are read as their table says, and the adapter is made
// of the values.

import { readSettings, type SettingTable, type ValuesOf } from '../lib/settings.ts'
import type { ProviderEntry, ProviderPorts, SmsAdapter } from './provider.ts'

export function defineProvider<Table extends SettingTable<undefined>>({
  make,
  ...entry
}: Pick<ProviderEntry, 'label' | 'inbound'> & {
  readonly settings: Table
  readonly make: (values: ValuesOf<Table>, ports: ProviderPorts) => SmsAdapter
}): ProviderEntry {
  return {
    ...entry,
    configure: (settings, problems, ports) => {
      const values = readSettings(entry.settings, settings, problems, undefined)
      return values && make(values, ports)
    },
  }
}
