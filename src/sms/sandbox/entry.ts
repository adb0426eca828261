// The sandbox in the registry. It has no settings, and nobody can write to it.

import { defineProvider } from '../define-provider.ts'
import { sandbox } from './sandbox.ts'

export const sandboxEntry = defineProvider({
  label: 'no provider: for trying out',
  inbound: null,
  settings: {},
  make: sandbox,
})
