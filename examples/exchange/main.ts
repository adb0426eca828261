// Runs the example as a process of its own: settings from the environment, one user, everything in memory. The only file
// that takes clock, network and chance from Node.

import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createExchange } from './exchange.ts'
import { createLockline, systemPorts } from './lockline-client.ts'
import { serveOn } from './node-server.ts'
import type { ExchangePorts } from './ports.ts'
import { createRoutes } from './routes.ts'
import { createMemoryStore } from './store.ts'

const ports: ExchangePorts = {
  ...systemPorts,
  newId: (prefix) => `${prefix}_${randomBytes(16).toString('hex')}`,
  log: (line, fields) => console.log(JSON.stringify({ line, ...fields })),
}

function setting(name: string): string {
  const value = process.env[name]
  if (value === undefined || value === '') throw new Error(`${name} is missing`)
  return value
}

const url = setting('LOCKLINE_URL')
const lockline = createLockline(
  {
    url,
    apiKey: setting('LOCKLINE_API_KEY'),
    webhookSecret: setting('LOCKLINE_WEBHOOK_SECRET'),
    callbackSecrets: setting('LOCKLINE_CALLBACK_SECRET').split(' '),
  },
  ports,
)
const liftPolicy = process.env.LIFT_POLICY === 'signed' ? 'signed' : 'told'
const exchange = createExchange({
  ports,
  store: createMemoryStore(),
  lockline,
  lockOrigin: url,
  liftPolicy,
})

const accountId = process.env.DEMO_ACCOUNT ?? 'demo'
const password = Buffer.from(setting('DEMO_PASSWORD'))
const isPassword = async (given: string, tried: string) => {
  const bytes = Buffer.from(tried)
  return given === accountId && bytes.length === password.length && timingSafeEqual(bytes, password)
}

const phone = process.env.DEMO_PHONE
if (phone !== undefined) {
  const imported = await lockline.putAccount(accountId, { phone })
  ports.log('account.imported', { account_id: accountId, outcome: imported.kind })
}
const port = Number(process.env.PORT ?? '3000')
const app = createRoutes({ exchange, isPassword, isUser: async (given) => given === accountId })
await serveOn(port, process.env.HOST ?? '127.0.0.1', (request, env) => app.fetch(request, env))
await exchange.work()
ports.log('exchange.listens', { port, callbacks: `http://localhost:${port}/lockline` })
