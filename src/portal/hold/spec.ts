// GET /.well-known/jwks.json, declared: the keys of the receipts that owners save.

import * as v from 'valibot'
import { listOf, named, text } from '../../lib/answer-spec.ts'
import { jsonAnswer } from '../../lib/body-spec.ts'
import type { RouteSpecs } from '../../lib/route-spec.ts'
import { paths } from '../../paths.ts'

const KeysSchema = named(
  'ReceiptKeys',
  v.object({
    keys: listOf(
      'One per secret, the current one first.',
      v.object({
        kty: v.pipe(v.literal('OKP'), v.description('RFC 8037.')),
        crv: v.pipe(v.literal('Ed25519'), v.description('RFC 8037.')),
        x: text('The public key, base64url.'),
        use: v.pipe(v.literal('sig'), v.description('For signatures.')),
        alg: v.pipe(v.literal('EdDSA'), v.description('As in the header of the receipt.')),
        kid: text('As in the header of the receipt.'),
      }),
    ),
  }),
)

export const receiptKeySpecs: RouteSpecs = {
  [paths.receiptKeys]: {
    get: {
      operationId: 'getReceiptKeys',
      tag: "Owner's pages",
      summary: 'Read the keys of lock receipts',
      description:
        'The public halves (RFC 7517, Ed25519) for checking a receipt that an owner saved from the hold page: a JWT of type `lock-receipt+jwt`.',
      access: 'public',
      answers: {
        200: jsonAnswer('The keys.', KeysSchema, {
          keys: {
            value: {
              keys: [
                {
                  kty: 'OKP',
                  crv: 'Ed25519',
                  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
                  use: 'sig',
                  alg: 'EdDSA',
                  kid: 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
                },
              ],
            },
          },
        }),
      },
      problems: ['unavailable'],
    },
  },
}
