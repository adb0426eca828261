// A store of the example exchange that tells of every change, for the world's page.

import type { Store } from '../../examples/exchange/store.ts'

export function watched(store: Store, onChange: (accountId: string) => void): Store {
  return {
    ...store,
    update: async (accountId, now, decide) => {
      const result = await store.update(accountId, now, decide)
      onChange(accountId)
      return result
    },
  }
}
