// `npm run move-slot`: whatever is wrong with the command is said, and where a move stops, of which slot and at which address.

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { moveSlots } from '../../../tools/move-slot/move.ts'
import { type MoveSlotOptions, readMoveSlotOptions } from '../../../tools/move-slot/options.ts'

const KEY = 'zq81-a-key-of-operators'
const GOOD = ['--slots', '7,9', '--to', 'DB_1']

type Environment = Readonly<Record<string, string>>
function sayingOf(args: readonly string[], environment: Environment = {}, startKey = KEY) {
  const choice = readMoveSlotOptions(args, environment, startKey)
  return choice.kind === 'say' ? choice : null
}

describe('the command line', () => {
  it('is read in full', () => {
    expect(readMoveSlotOptions(GOOD, {}, KEY)).toEqual({
      kind: 'run',
      options: {
        ...{ slots: [7, 9], to: 'DB_1', reason: 'npm run move-slot' },
        ...{ url: 'http://localhost:8787', key: KEY },
      },
    })
    const environment = { LOCKLINE_URL: ' https://a.example ', LOCKLINE_OPS_KEY: 'of-them' }
    expect(readMoveSlotOptions(GOOD, environment, KEY)).toMatchObject({
      options: { url: 'https://a.example', key: 'of-them' },
    })
    const given = [...GOOD, '--url', 'https://b.example', '--key', 'mine', '--reason', 'full']
    expect(readMoveSlotOptions(given, environment, KEY)).toMatchObject({
      options: { url: 'https://b.example', key: 'mine', reason: 'full' },
    })
    expect(sayingOf(['--help'])?.exitCode).toBe(0)
  })

  it.each([
    ['--slots is missing', ['--to', 'DB_1'], {}],
    ['--slots must be', ['--slots', '128-', '--to', 'DB_1'], {}],
    ['not "999"', ['--slots', '999', '--to', 'DB_1'], {}],
    ['not "9-7"', ['--slots', '9-7', '--to', 'DB_1'], {}],
    ['--slots must be', ['--slots', '', '--to', 'DB_1'], {}],
    ['--to is missing', ['--slots', '7'], {}],
    ['not "db_1"', ['--slots', '7', '--to', 'db_1'], {}],
    ['--reason is empty', [...GOOD, '--reason', ' '], {}],
    ['--url is empty', [...GOOD, '--url', ''], {}],
    ['LOCKLINE_URL is empty', GOOD, { LOCKLINE_URL: ' ' }],
    ['"lock.example.com" is no address', GOOD, { LOCKLINE_URL: 'lock.example.com' }],
    ['"http://" is no address', [...GOOD, '--url', 'http://'], {}],
    ['--key is empty', [...GOOD, '--key', ''], {}],
    ['LOCKLINE_OPS_KEY is empty', GOOD, { LOCKLINE_OPS_KEY: '' }],
    ['the key must be printable ASCII', GOOD, { LOCKLINE_OPS_KEY: 'zq81 börse' }],
    ['--what', [...GOOD, '--what'], {}],
    ['7-9', ['7-9', '--to', 'DB_1'], {}],
  ])('that has %s wrong is told so before the help', (problem, args, environment) => {
    const choice = sayingOf(args, environment)
    expect(choice?.exitCode).toBe(2)
    const [first = '', ...help] = choice?.text.split('\n') ?? []
    expect(first).toContain(problem)
    expect(help.join('\n')).toContain('Usage: npm run move-slot')
    expect(choice?.text).not.toContain('zq81')
  })

  it('says where no key is', () => {
    expect(readMoveSlotOptions(GOOD, {}, null)).toMatchObject({
      kind: 'say',
      exitCode: 2,
      text: expect.stringContaining('there is no key'),
    })
  })

  it('is read or refused, whatever it is', () => {
    const word = fc.oneof(fc.constantFrom(...GOOD, '--key', '--url', '--help', '--'), fc.string())
    fc.assert(
      fc.property(fc.array(word, { maxLength: 8 }), word, (args, LOCKLINE_URL) => {
        const choice = readMoveSlotOptions(args, { LOCKLINE_URL }, KEY)
        expect(['run', 'say']).toContain(choice.kind)
      }),
    )
  })
})

describe('a move', () => {
  const OPTIONS: MoveSlotOptions = {
    ...{ slots: [7, 9], to: 'DB_1', reason: 'full', url: 'https://lock.example.com', key: KEY },
  }

  /** Each call is answered by the next of `answers`, which begin anew at the end. */
  async function run(...answers: readonly (() => Response)[]) {
    const [asked, said, pauses]: [unknown[], string[], number[]] = [[], [], []]
    const failure = await moveSlots(OPTIONS, {
      fetch: async (_input, init) => {
        const answer = answers[asked.length % answers.length]
        asked.push(JSON.parse(String(init?.body)))
        return answer?.() ?? Response.error()
      },
      pause: async (ms) => pauses.push(ms),
      now: () => 0,
      say: (line) => said.push(line),
    }).catch((error: Error) => error.message)
    expect(failure ?? '').not.toContain(KEY)
    return { asked, said, pauses, failure }
  }
  const done = (next: string | null) => () => Response.json({ act_id: 'act_1', count: 3, next })
  const dead = () => {
    const both = Object.assign(new AggregateError([], ''), { code: 'ECONNREFUSED' })
    throw new TypeError('fetch failed', { cause: both })
  }
  const html = (status: number) => () =>
    new Response('<!doctype html><title>Hello</title>', {
      status,
      headers: { 'content-type': 'text/html' },
    })

  it('asks again with what is to be done next, slot by slot, until nothing is', async () => {
    const { asked, said, failure } = await run(done('copy'), done('delete'), done(null))
    const act = { act: 'move_slot', to: 'DB_1', reason: 'full' }
    expect(asked).toEqual(
      [7, 9].flatMap((slot) => [
        { ...act, slot },
        { ...act, slot, from: 'copy' },
        { ...act, slot, from: 'delete' },
      ]),
    )
    expect(said[0]).toBe('slot 7 is in DB_1: 9 rows, 0.0 s (1 of 2)')
    expect(failure).toBeUndefined()
  })

  it('goes on after a call that failed', async () => {
    const { asked, failure } = await run(done('copy'), dead, html(502), done(null))
    expect([asked.length, failure]).toEqual([8, undefined])
  })

  it.each([
    ['is dead', dead, 5, 'does not answer: ECONNREFUSED'],
    ['has a gateway before it that says so', html(502), 5, 'answers 502 (text/html)'],
    ['is another site', html(200), 1, 'answers 200 (text/html), not as Lockline does: is the ad'],
    ['is no site', html(404), 1, 'answers 404 (text/html), not as Lockline does: is the address'],
    ['knows no such key', () => Response.json({ code: 'unauthorized' }, { status: 401 }), 1, '401'],
    ['is away', () => Response.json({ code: 'unavailable' }, { status: 503 }), 5, 'unavailable'],
    ['is another API', () => Response.json({}), 1, 'not as this version does'],
    ['answers with nothing', () => Response.json(null), 1, 'is the address right?'],
  ])('says slot and address where the Worker %s', async (_what, answer, calls, problem) => {
    const { asked, failure } = await run(answer)
    expect(asked).toHaveLength(calls)
    expect(failure).toContain(
      'slot 7, 0 of 2 moved before it: https://lock.example.com/v1/ops/acts ',
    )
    expect(failure).toContain(problem)
    expect(failure).not.toContain('<')
  })
})
