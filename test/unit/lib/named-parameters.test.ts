// Names become numbers once; a name that fits nothing is a slip, and told at once.

import { describe, expect, it } from 'vitest'
import { nameParameters } from '../../../src/lib/named-parameters.ts'

type Pair = { readonly left: number; readonly right: number }
const parameters = { left: (pair: Pair) => pair.left, right: (pair: Pair) => pair.right }

describe('nameParameters', () => {
  it('numbers each name, however often it stands there', () => {
    const { text, valuesOf } = nameParameters<Pair>('SELECT :right, :left + :right', parameters)
    expect(text).toBe('SELECT ?2, ?1 + ?2')
    expect(valuesOf({ left: 3, right: 4 })).toEqual([3, 4])
  })

  it('does not take the beginning of a name for another', () => {
    expect(() => nameParameters<Pair>('SELECT :left, :right, :leftover', parameters)).toThrow(
      'no value for the parameter :leftover',
    )
  })

  it('refuses a value that is bound for nothing', () => {
    expect(() => nameParameters<Pair>('SELECT :left', parameters)).toThrow(
      'no use of the parameters right',
    )
  })
})
