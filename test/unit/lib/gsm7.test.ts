// The alphabet stands twice in the source: here both are held together.

import { expect, test } from 'vitest'
import { isGsm7 } from '../../../src/alert/segments.ts'
import { fitsGsm7 } from '../../../src/lib/gsm7.ts'

test('fits what is counted as GSM-7, and nothing else', () => {
  const characters = Array.from({ length: 0x10000 }, (_, code) => String.fromCharCode(code))
  const differing = characters.filter((character) => isGsm7(character) !== fitsGsm7(character))
  expect(differing).toEqual([])
  expect(characters.filter(fitsGsm7)).toHaveLength(137)
})

test('one foreign character makes all of it another alphabet', () => {
  expect(fitsGsm7('Login [é] 5€')).toBe(true)
  expect(fitsGsm7('Login ’ 5€')).toBe(false)
})
