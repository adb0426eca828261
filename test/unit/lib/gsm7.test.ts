// The alphabet, held against a counter of somebody else's.

import { split } from 'split-sms'
import { expect, test } from 'vitest'
import { isGsm7 } from '../../../src/lib/gsm7.ts'

test('fits what is counted as GSM-7, and nothing else', () => {
  const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  const differing = characters.filter(
    (character) => isGsm7(character) !== (split(character).characterSet === 'GSM'),
  )
  expect(differing).toEqual([])
  expect(characters.filter(isGsm7)).toHaveLength(137)
})

test('one foreign character makes all of it another alphabet', () => {
  expect(isGsm7('Login [é] 5€')).toBe(true)
  expect(isGsm7('Login ’ 5€')).toBe(false)
})
