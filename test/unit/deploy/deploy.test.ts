// `npm run deploy` against Cloudflare's API on loopback: what it makes, what it leaves alone, where it stops, how it goes on.

import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { queueNamed } from '../../support/cloudflare/account.ts'
import { type Checkout, OWN_SECRETS, startCheckout } from './deployment.ts'

const QUEUES = ['alerts', 'net', 'callbacks', 'sweep']

let checkout: Checkout
beforeEach(async () => {
  checkout = await startCheckout()
})
afterEach(() => checkout.close())

const account = () => checkout.cloudflare.account
const worker = (environment = 'production') => {
  const found = account().workers.get(`lockline-${environment}`)
  if (!found) throw new Error(`no Worker of ${environment}`)
  return found
}
const database = (environment = 'production') => {
  const found = [...account().databases.values()].find(
    ({ name }) => name === `lockline-${environment}`,
  )
  if (!found) throw new Error(`no database of ${environment}`)
  return found
}
const shares = () => (worker().deployments[0] ?? []).map(({ percentage }) => percentage)
const newer = () => {
  checkout.wrangler.code = `${checkout.wrangler.code}+`
}

describe('the first deployment', () => {
  it('makes all that is missing, under the names of its environment', async () => {
    const { end, said } = await checkout.run({ location: 'weur' })
    expect({ end, said }).toMatchObject({ end: 0 })
    expect([...account().databases.values()].map(({ name, location }) => [name, location])).toEqual(
      [['lockline-production', 'weur']],
    )
    const names = QUEUES.flatMap((name) => [name, `${name}-dead`]).map(
      (name) => `lockline-production-${name}`,
    )
    const queues = [...account().queues.values()]
    expect(queues.map(({ queue_name }) => queue_name).sort()).toEqual(names.sort())
    for (const { queue_name: name, consumers } of queues) {
      expect(consumers.map(({ script }) => script)).toEqual(['lockline-production'])
      const dead = name.endsWith('-dead') ? null : `${name}-dead`
      expect(consumers[0]?.dead_letter_queue).toBe(dead)
    }
    const alerts = queueNamed(account(), 'lockline-production-alerts')?.consumers[0]
    expect(alerts?.settings).toEqual({
      ...{ batch_size: 6, max_retries: 60, max_wait_time_ms: 0, retry_delay: 2 },
    })
    expect(worker()).toMatchObject({
      ...{ crons: ['* * * * *'], domains: ['production.example.com'], isOnWorkersDev: false },
    })
    expect([...worker().secrets.keys()]).toEqual([...OWN_SECRETS])
  })

  it('makes the tables and notes each migration, as wrangler would', async () => {
    await checkout.run()
    const { tables } = database()
    const columns = tables.prepare("SELECT name FROM pragma_table_info('a')").all()
    expect(columns.map(({ name }) => name)).toEqual(['id', 'b'])
    const noted = tables.prepare('SELECT name FROM d1_migrations ORDER BY id').all()
    expect(noted.map(({ name }) => name)).toEqual(['0001_base.sql', '0002_more.sql'])
  })

  it('asks the Worker whether it is well, and says how to go back', async () => {
    const { said } = await checkout.run()
    expect(said).toContain('a forged event is refused (401)')
    expect(said).toContain('a signed event is taken (202)')
    expect(said).toContain('the hold question is answered, D1 reads (200)')
    expect(said).toContain('npx wrangler delete --env production')
  })

  it('takes all traffic or none', async () => {
    const { end, said } = await checkout.run({ percentage: 10 })
    expect(end).toBe(1)
    expect(said).toContain('Leave --gradual out')
    expect(checkout.cloudflare.writes()).toEqual([])
  })
})

describe('several databases', () => {
  const withSecond = (toml: string) =>
    toml.replace(
      'd1_databases = [{ binding = "DB", database_name = "lockline-production",',
      'd1_databases = [{ binding = "DB_1", database_name = "lockline-production-1" }, { binding = "DB", database_name = "lockline-production",',
    )
  const withShards = (toml: string) =>
    toml.replace('EXCHANGE_NAME = "X"', 'EXCHANGE_NAME = "X", SHARDS = "0-127:DB 128-255:DB_1"')

  it('that SHARDS names are made and migrated by the first run, and the second changes nothing', async () => {
    checkout.edit((toml) => withShards(withSecond(toml)))
    expect((await checkout.run()).end).toBe(0)
    const made = [...account().databases.values()].map(({ name }) => name)
    expect(made.toSorted()).toEqual(['lockline-production', 'lockline-production-1'])
    const writes = checkout.cloudflare.writes()
    const { end, said } = await checkout.run()
    expect([end, said.includes('Nothing to change')]).toEqual([0, true])
    expect(checkout.cloudflare.writes()).toEqual(writes)
  })

  it('that SHARDS names and nothing binds: it stops before the first call, and says what to add', async () => {
    checkout.edit(withShards)
    const { end, said } = await checkout.run()
    expect(end).toBe(1)
    expect(said).toContain('SHARDS names DB_1, which d1_databases of the environment does not bind')
    expect(checkout.cloudflare.calls).toEqual([])
  })

  it('are all made, migrated and bound, and one that is added later is, too', async () => {
    await checkout.run()
    checkout.edit(withSecond)
    const { end, said } = await checkout.run()
    expect({ end, said }).toMatchObject({ end: 0 })
    const noted = [...account().databases.values()].map(({ name, tables }) => [
      name,
      tables.prepare('SELECT count(*) AS count FROM d1_migrations').get()?.count,
    ])
    expect(noted).toEqual([
      ['lockline-production', 2],
      ['lockline-production-1', 2],
    ])
    expect((await checkout.run()).said).toContain('Nothing to change')
  })
})

describe('a database that wrangler.toml names by its id', () => {
  it('is taken so, wherever in its table the id stands', async () => {
    await checkout.run()
    const [id] = account().databases.keys()
    checkout.edit((toml) => {
      const inline = /d1_databases = \[.*"lockline-production".*\]\n/
      const table = `\n[[env.production.d1_databases]]\nbinding = "DB"\ndatabase_name = "lockline-production"\ndatabase_id = "${id}"\n`
      return `${toml.replace(inline, '')}${table}`
    })
    newer()
    const { end, said } = await checkout.run()
    expect({ end, said }).toMatchObject({ end: 0 })
    expect(account().databases.size).toBe(1)
  })
})

describe('a second run', () => {
  it('changes nothing', async () => {
    await checkout.run()
    const [writes, commands] = [checkout.cloudflare.writes(), [...checkout.wrangler.commands]]
    const { end, said } = await checkout.run()
    expect(end).toBe(0)
    expect(said).toContain('Nothing to change')
    expect(checkout.cloudflare.writes()).toEqual(writes)
    expect(checkout.wrangler.commands).toEqual([...commands, 'bundle'])
  })

  it('stores no event, since it is the same release', async () => {
    await checkout.run()
    checkout.answers.asked.length = 0
    await checkout.run()
    const posts = checkout.answers.asked.filter(({ path }) => path === '/v1/events')
    // The forged one.
    expect(posts).toHaveLength(1)
  })

  it('mends what somebody changed by hand', async () => {
    await checkout.run()
    worker().crons = []
    const { said } = await checkout.run()
    expect(said).toContain('set cron')
    expect(worker().crons).toEqual(['* * * * *'])
  })
})

describe('staging', () => {
  it('touches nothing of production', async () => {
    await checkout.run()
    const ofProduction = () =>
      structuredClone({
        worker: worker(),
        queues: [...account().queues.values()].filter(({ queue_name }) =>
          queue_name.includes('production'),
        ),
        bookmark: database().bookmark,
      })
    const [before, calls] = [ofProduction(), checkout.cloudflare.calls.length]
    expect((await checkout.run({ environment: 'staging' })).end).toBe(0)
    expect(ofProduction()).toEqual(before)
    const since = JSON.stringify(checkout.cloudflare.calls.slice(calls))
    expect(since).not.toContain('production/')
    expect(since).not.toContain('lockline-production')
    expect(since).not.toContain(database().uuid)
    expect(worker('staging').deployments).toHaveLength(1)
  })

  it('is refused where it shares a name with production, before the first call', async () => {
    checkout.edit((toml) => toml.replaceAll('"lockline-staging-net"', '"lockline-production-net"'))
    const { end, said } = await checkout.run({ environment: 'staging' })
    expect(end).toBe('thrown')
    expect(said).toContain('shares queue lockline-production-net')
    expect(checkout.cloudflare.calls).toEqual([])
  })

  it.each([
    ['database', '"lockline-staging", migrations_dir', '"lockline", migrations_dir'],
    ['queue', '"lockline-staging-alerts"', '"alerts"'],
    ['Worker', 'name = "lockline-staging"', 'name = "lockline"'],
  ])('is refused where its %s is that of the top of the file', async (what, own, top) => {
    checkout.edit((toml) => toml.replaceAll(own, top))
    const { end, said } = await checkout.run({ environment: 'staging' })
    expect([end, said.includes(`shares ${what} `)]).toEqual(['thrown', true])
    expect(checkout.cloudflare.calls).toEqual([])
  })

  it('takes no queue that another Worker consumes', async () => {
    await checkout.run({ environment: 'staging' })
    const queue = queueNamed(account(), 'lockline-staging-alerts')
    const [consumer] = queue?.consumers ?? []
    if (!queue || !consumer) throw new Error('no consumer')
    queue.consumers = [{ ...consumer, script: 'somebody-else' }]
    const writes = checkout.cloudflare.writes()
    newer()
    const { end, said } = await checkout.run({ environment: 'staging' })
    expect(end).toBe(1)
    expect(said).toContain('lockline-staging-alerts is consumed by somebody-else')
    expect(checkout.cloudflare.writes()).toEqual(writes)
  })
})

describe('settings', () => {
  it.each([
    ['malformed', 'https://production.example.com"', 'https://production.example.com/"'],
    ['empty', 'EXCHANGE_NAME = "X"', 'EXCHANGE_NAME = ""'],
    ['that no provider has', 'SMS_PROVIDERS = "sandbox"', 'SMS_PROVIDERS = "pigeon"'],
    [
      'secret, in wrangler.toml',
      'EXCHANGE_NAME = "X"',
      'EXCHANGE_NAME = "X", API_KEYS = "0123456789abcdef"',
    ],
  ])('%s: it stops before the first call', async (_what, from, to) => {
    checkout.edit((toml) => toml.replace(from, to))
    const { end, said } = await checkout.run()
    expect(end).toBe(1)
    expect(said).toContain('Nothing was touched')
    expect(checkout.cloudflare.calls).toEqual([])
    expect(checkout.wrangler.commands).toEqual([])
    expect(said).not.toContain('0123456789abcdef')
  })

  it('that are nowhere: it stops before it changes anything, and names them', async () => {
    checkout.edit((toml) => toml.replace('"sandbox"', '"vonage"'))
    const { end, said } = await checkout.run()
    expect(end).toBe(1)
    expect(said).toContain('Settings are missing: VONAGE_API_KEY, VONAGE_API_SECRET')
    expect(checkout.cloudflare.writes()).toEqual([])
  })

  it('that the Worker has already are enough', async () => {
    await checkout.run()
    newer()
    const { end, said } = await checkout.run({ secretsFile: null })
    expect(end).toBe(0)
    expect(said).toContain('no event was signed: WEBHOOK_SECRETS is not known here')
  })

  it('in the file do not replace those that the Worker has', async () => {
    await checkout.run()
    const [before] = [worker().secrets]
    const other = await startCheckout()
    await checkout.run({ secretsFile: other.secretsFile })
    await other.close()
    expect(worker().secrets).toEqual(before)
  })
})

describe('an upgrade', () => {
  it('is asked by name before it gets traffic, then gets all of it', async () => {
    await checkout.run()
    const former = worker().versions[0]?.id
    checkout.answers.asked.length = 0
    newer()
    const { end, said } = await checkout.run()
    expect(end).toBe(0)
    const [now, before] = worker().deployments
    const id = worker().versions[0]?.id
    expect(before).toEqual([
      { version_id: former, percentage: 100 },
      { version_id: id, percentage: 0 },
    ])
    expect(now).toEqual([{ version_id: id, percentage: 100 }])
    const release = worker().versions[0]?.tag
    expect(new Set(checkout.answers.asked.map((one) => one.release))).toEqual(new Set([release]))
    expect(said).toContain(`npx wrangler rollback ${former} --env production --yes`)
  })

  it('that is not well gets no traffic', async () => {
    await checkout.run()
    const former = worker().versions[0]?.id
    newer()
    // The release that comes: named by what it is made of.
    const dry = await checkout.run({ isDryRun: true })
    checkout.answers.sick.add(/release (\S+)/.exec(dry.said)?.[1] ?? '')
    const { end, said } = await checkout.run()
    expect(end).toBe(1)
    expect(said).toContain('gets no traffic')
    expect(worker().deployments[0]).toEqual([{ version_id: former, percentage: 100 }])
  })

  it('gradually: a tenth, a half, all', async () => {
    await checkout.run()
    newer()
    expect((await checkout.run({ percentage: 10 })).end).toBe(0)
    expect(shares()).toEqual([90, 10])
    const uploads = worker().versions.length
    await checkout.run({ percentage: 50 })
    expect(shares()).toEqual([50, 50])
    await checkout.run()
    expect(shares()).toEqual([100])
    expect(worker().versions).toHaveLength(uploads)
  })

  it('notes where the tables stood, and says how to go back to it', async () => {
    await checkout.run()
    checkout.addMigration('0003_c.sql', 'ALTER TABLE a ADD COLUMN c TEXT;')
    newer()
    const bookmark = `0000000${database().bookmark}-00000001-00004e2f-0a83`
    const { said } = await checkout.run()
    expect(said).toContain(`lockline-production stands at ${bookmark}`)
    expect(said).toContain(
      `npx wrangler d1 time-travel restore lockline-production --env production --bookmark=${bookmark}`,
    )
  })

  it('from a checkout that is older than the tables is refused', async () => {
    await checkout.run()
    database().tables.exec("INSERT INTO d1_migrations (name) VALUES ('0003_newer.sql')")
    const writes = checkout.cloudflare.writes()
    newer()
    const { end, said } = await checkout.run()
    expect(end).toBe(1)
    expect(said).toContain('0003_newer.sql')
    expect(checkout.cloudflare.writes()).toEqual(writes)
  })

  it('does not bring back secrets of an older upload', async () => {
    await checkout.run()
    newer()
    await checkout.run({ percentage: 10 })
    const uploaded = worker().versions[0]?.id
    // Somebody puts a secret: a version of its own, on what ran before.
    const first = worker().versions.at(-1)
    if (!first) throw new Error('no version')
    const rotated = { ...first, id: 'rotated', number: 9, tag: null }
    worker().versions = [rotated, ...worker().versions]
    worker().deployments = [[{ version_id: 'rotated', percentage: 100 }]]
    await checkout.run()
    expect(worker().deployments[0]?.[0]?.version_id).not.toBe(uploaded)
    expect(checkout.wrangler.commands.filter((one) => one === 'versions upload')).toHaveLength(2)
  })
})

describe('a deployment that fails', () => {
  it('at a migration uploads nothing, leaves nothing of it, and goes on once it is mended', async () => {
    await checkout.run()
    checkout.addMigration('0003_c.sql', 'ALTER TABLE a ADD COLUMN c TEXT;')
    checkout.addMigration(
      '0004_d.sql',
      'ALTER TABLE a ADD COLUMN d TEXT; ALTER TABLE no ADD x TEXT;',
    )
    newer()
    const bookmark = `0000000${database().bookmark}-00000001-00004e2f-0a83`
    const { end, said } = await checkout.run()
    expect(end).toBe('thrown')
    expect(said).toContain('Migration 0004_d.sql failed')
    expect(said).toContain('The code that ran still runs')
    expect(said).toContain(
      `npx wrangler d1 time-travel restore lockline-production --env production --bookmark=${bookmark}`,
    )
    expect(worker().versions).toHaveLength(1)
    const columns = () =>
      database()
        .tables.prepare("SELECT name FROM pragma_table_info('a')")
        .all()
        .map(({ name }) => name)
    expect(columns()).toEqual(['id', 'b', 'c'])
    checkout.addMigration('0004_d.sql', 'ALTER TABLE a ADD COLUMN d TEXT;')
    expect((await checkout.run()).end).toBe(0)
    expect(columns()).toEqual(['id', 'b', 'c', 'd'])
    expect(worker().versions).toHaveLength(2)
  })

  it('half way through the queues makes the others next time', async () => {
    const { failing, writes } = checkout.cloudflare
    await checkout.run({ isDryRun: true })
    failing.add('POST /queues')
    expect((await checkout.run()).end).toBe('thrown')
    failing.clear()
    expect((await checkout.run()).end).toBe(0)
    expect(writes().filter((call) => call === 'POST /d1/database')).toHaveLength(1)
    expect(account().queues.size).toBe(8)
  })

  it('at the upload goes on with it', async () => {
    checkout.wrangler.failing = 'deploy'
    const { end, said } = await checkout.run()
    expect(end).toBe('thrown')
    expect(said).toContain('was told to fail')
    expect((await checkout.run()).end).toBe(0)
    expect(account().databases.size).toBe(1)
  })
})

describe('a dry run', () => {
  it('says what would be done, and does nothing', async () => {
    const { end, said } = await checkout.run({ isDryRun: true })
    expect(end).toBe(0)
    expect(said).toContain('would create database lockline-production')
    expect(said).toContain(
      'would migrate lockline-production: 2 files, 0001_base.sql to 0002_more.sql',
    )
    expect(checkout.cloudflare.writes()).toEqual([])
    expect(checkout.wrangler.commands).toEqual(['bundle'])
  })
})
